/**
 * What a configuration key is: type, default, range, one sentence of documentation. Each level's
 * table is declared once with these builders (Kafka's ConfigDef); parsing, error messages,
 * DescribeConfigs and `trial list configs` all read the tables.
 */

export type ConfigType = 'BOOLEAN' | 'STRING' | 'INT' | 'LONG' | 'LIST' | 'CLASS' | 'PASSWORD';

export type ConfigLevel = 'broker' | 'topic' | 'producer' | 'consumer' | 'admin';

/** Long.MAX_VALUE as Kafka prints it. `get` gives `Infinity` for it, `text` these digits. */
export const LONG_MAX = '9223372036854775807';

/** One key. `Value` is what `get` returns; it exists in the types only. */
export interface ConfigKey<Value> {
  readonly type: ConfigType;
  /** The default as Kafka prints it; null = not set. */
  readonly defaultText: string | null;
  /** Inclusive bounds of numbers, as text because LONG bounds may exceed 2^53. */
  readonly min: string | null;
  readonly max: string | null;
  /** The values allowed (of a LIST: the elements); null = anything of the type. */
  readonly allowed: readonly string[] | null;
  /** Other spellings of allowed values: `-1` for `all`. */
  readonly aliases: Readonly<Record<string, string>>;
  readonly doc: string;
  /** What is missing before values other than the default (or `works`) can be honoured. */
  readonly notYet: string | null;
  /** Values other than the default that are honoured although the key is marked `notYet`. */
  readonly works: readonly string[];
  readonly valueType?: Value;
}

export type ConfigKeys = { readonly [key: string]: ConfigKey<unknown> };

export type ConfigValue<Key> = Key extends ConfigKey<infer Value> ? Value : never;

/** What a rule across keys may ask. */
export interface ConfigView<Keys extends ConfigKeys> {
  get<Name extends keyof Keys & string>(name: Name): ConfigValue<Keys[Name]>;
  isGiven(name: keyof Keys & string): boolean;
  /** What holds for one listener: `listener.name.<name>.<key>`, else the key itself. */
  ofListener<Name extends keyof Keys & string>(
    listener: string,
    name: Name,
  ): ConfigValue<Keys[Name]>;
}

/** A rule over several keys; `key` is the one to blame, `allowed` what would be right. */
export type ConfigRule<Keys extends ConfigKeys> = (
  config: ConfigView<Keys>,
) => { key: keyof Keys & string; problem: string; allowed: string } | null;

export interface ConfigTable<Keys extends ConfigKeys> {
  readonly level: ConfigLevel;
  readonly keys: Keys;
  readonly rules: readonly ConfigRule<Keys>[];
  /** Keys that may also be given as `listener.name.<listener's name in lower case>.<key>`. */
  readonly perListener: readonly string[];
}

interface Common {
  doc: string;
  notYet?: string;
  works?: readonly string[];
}
type Numeric<Default> = Common & { default: Default; min?: number; max?: number };
type Optional<Default, Value> = Default extends null ? Value | null : Value;

export function defineConfigs<Keys extends ConfigKeys>(
  level: ConfigLevel,
  keys: Keys,
  rules: readonly ConfigRule<NoInfer<Keys>>[] = [],
  perListener: readonly (keyof NoInfer<Keys> & string)[] = [],
): ConfigTable<Keys> {
  return { level, keys, rules, perListener };
}

export function bool(spec: Common & { default: boolean }): ConfigKey<boolean> {
  return key('BOOLEAN', spec, String(spec.default), { allowed: ['true', 'false'] });
}

export function int<Default extends number | null>(
  spec: Numeric<Default>,
): ConfigKey<Optional<Default, number>> {
  return key('INT', spec, textOf(spec.default), {
    min: String(spec.min ?? -(2 ** 31)),
    max: String(spec.max ?? 2 ** 31 - 1),
  });
}

/** A 64-bit integer. Beyond ±(2^53 - 1), `get` gives ±Infinity and `text` the exact digits. */
export function long<Default extends number | typeof LONG_MAX | null>(
  spec: Numeric<Default>,
): ConfigKey<Optional<Default, number>> {
  return key('LONG', spec, textOf(spec.default), {
    min: String(spec.min ?? '-9223372036854775808'),
    max: String(spec.max ?? LONG_MAX),
  });
}

export function string<Default extends string | null>(
  spec: Common & { default: Default },
): ConfigKey<Optional<Default, string>> {
  return key('STRING', spec, spec.default, {});
}

export function className(spec: Common & { default: string | null }): ConfigKey<string | null> {
  return key('CLASS', spec, spec.default, {});
}

/** A text that is told to nobody. */
export function password(spec: Common & { default: null }): ConfigKey<string | null> {
  return key('PASSWORD', spec, spec.default, {});
}

/** A STRING that must be one of a few. `get` gives the canonical spelling, never an alias. */
export function oneOf<const Value extends string>(
  allowed: readonly Value[],
  spec: Common & { default: NoInfer<Value>; aliases?: Readonly<Record<string, NoInfer<Value>>> },
): ConfigKey<Value> {
  return key('STRING', spec, spec.default, { allowed, aliases: spec.aliases ?? {} });
}

/** Comma-separated; blanks around elements are dropped, an empty text is the empty list. */
export function list<Default extends readonly string[] | null>(
  spec: Common & { default: Default; allowed?: readonly string[] },
): ConfigKey<Optional<Default, readonly string[]>> {
  const text = spec.default === null ? null : spec.default.join(',');
  return key('LIST', spec, text, { allowed: spec.allowed ?? null });
}

function textOf(value: number | string | null): string | null {
  return value === null ? null : String(value);
}

type Extent = Partial<Pick<ConfigKey<unknown>, 'min' | 'max' | 'allowed' | 'aliases'>>;

function key<Value>(
  type: ConfigType,
  spec: Common,
  defaultText: string | null,
  extent: Extent,
): ConfigKey<Value> {
  return {
    type,
    defaultText,
    min: extent.min ?? null,
    max: extent.max ?? null,
    allowed: extent.allowed ?? null,
    aliases: extent.aliases ?? {},
    doc: spec.doc,
    notYet: spec.notYet ?? null,
    works: spec.works ?? [],
  };
}
