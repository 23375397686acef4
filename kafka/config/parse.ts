/**
 * Turns the raw text map of one level into typed values, or names everything that is wrong with
 * it at once: unknown keys (with the nearest known one), bad values (with what is allowed), and
 * values whose feature this system does not have yet. Nothing is ever silently ignored.
 */
import { assert } from '../base/assert.ts';
import type { ConfigKey, ConfigKeys, ConfigLevel, ConfigTable, ConfigValue } from './define.ts';
import { didYouMean, nearestName } from './nearest.ts';
import { allowedText, type ParsedValue, readValue } from './values.ts';

/** One thing wrong with a configuration, in pieces for whoever prints it. */
export interface ConfigError {
  /** Where it stands: `cluster.config`, `topics[0].config`, `--set`. */
  readonly at: string;
  readonly key: string;
  readonly value: string;
  readonly kind: 'unknown-key' | 'bad-value' | 'not-yet' | 'conflict';
  /** One sentence that names key, value and what is wrong. */
  readonly message: string;
  /** What the key accepts; null for unknown keys. */
  readonly allowed: string | null;
  /** The nearest known key (or allowed value), if one is near. */
  readonly nearest: string | null;
}

/** Thrown by `parseConfig`; `errors` has every problem, the message the first ones. */
export class InvalidConfig extends Error {
  readonly errors: readonly ConfigError[];
  constructor(errors: readonly ConfigError[]) {
    super(errors.map((error) => `${error.at}: ${error.message}`).join('; '));
    this.name = 'InvalidConfig';
    this.errors = errors;
  }
}

export const LISTENER_PREFIX = 'listener.name.';

export type ConfigSource = 'default' | 'broker' | 'given';

interface Setting {
  value: ParsedValue;
  text: string | null;
  source: ConfigSource;
}

/** Typed values of one level; every declared key has one. */
export class ParsedConfig<Keys extends ConfigKeys> {
  readonly table: ConfigTable<Keys>;
  private readonly settings: ReadonlyMap<string, Setting>;

  constructor(table: ConfigTable<Keys>, settings: ReadonlyMap<string, Setting>) {
    this.table = table;
    this.settings = settings;
  }

  /** LONG values beyond 2^53 - 1 come as Infinity; `text` has their digits. Not for hot loops. */
  get<Name extends keyof Keys & string>(name: Name): ConfigValue<Keys[Name]> {
    return this.setting(name).value as ConfigValue<Keys[Name]>;
  }

  /** The exact text, as DescribeConfigs answers it; null = not set and no default. */
  text(name: keyof Keys & string): string | null {
    return this.setting(name).text;
  }

  /** `broker`: a topic value that comes from a broker key; `given`: from the map parsed. */
  source(name: keyof Keys & string): ConfigSource {
    return this.setting(name).source;
  }

  /** What holds for one listener: `listener.name.<name>.<key>`, else the key itself. */
  ofListener<Name extends keyof Keys & string>(
    listener: string,
    name: Name,
  ): ConfigValue<Keys[Name]> {
    const own = this.settings.get(`${LISTENER_PREFIX}${listener.toLowerCase()}.${name}`);
    return (own ?? this.setting(name)).value as ConfigValue<Keys[Name]>;
  }

  isGiven(name: keyof Keys & string): boolean {
    return this.setting(name).source === 'given';
  }

  private setting(name: string): Setting {
    const setting = this.settings.get(name);
    assert(setting !== undefined, `config key ${name} is not declared`);
    return setting;
  }
}

export interface ParseOptions {
  /** Where the map stands, for error messages. */
  at: string;
}

/** @throws InvalidConfig naming every problem. */
export function parseConfig<Keys extends ConfigKeys>(
  table: ConfigTable<Keys>,
  raw: Readonly<Record<string, string>>,
  options: ParseOptions,
): ParsedConfig<Keys> {
  return parseOver(table, raw, new Map(), options);
}

/** As `parseConfig`, with other defaults for some keys (text, already valid). */
export function parseOver<Keys extends ConfigKeys>(
  table: ConfigTable<Keys>,
  raw: Readonly<Record<string, string>>,
  defaults: ReadonlyMap<string, string>,
  options: ParseOptions,
): ParsedConfig<Keys> {
  const result = read(table, raw, defaults, options);
  if (result.errors.length > 0) throw new InvalidConfig(result.errors);
  return new ParsedConfig(table, result.settings);
}

/** Every problem of a raw map, in its order; empty = `parseConfig` will not throw. */
export function checkConfig<Keys extends ConfigKeys>(
  table: ConfigTable<Keys>,
  raw: Readonly<Record<string, string>>,
  options: ParseOptions,
): ConfigError[] {
  return read(table, raw, new Map(), options).errors;
}

function read<Keys extends ConfigKeys>(
  table: ConfigTable<Keys>,
  raw: Readonly<Record<string, string>>,
  defaults: ReadonlyMap<string, string>,
  options: ParseOptions,
): { settings: Map<string, Setting>; errors: ConfigError[] } {
  const errors: ConfigError[] = [];
  const settings = new Map<string, Setting>();
  for (const [name, value] of Object.entries(raw)) {
    const error = checkKey(table, name, value, options.at);
    if (error !== null) errors.push(error);
    else settings.set(name, settingOf(declared(table, name) as ConfigKey<unknown>, value, 'given'));
  }
  for (const [name, key] of Object.entries(table.keys)) {
    const inherited = defaults.get(name);
    if (settings.has(name)) continue;
    if (inherited === undefined) settings.set(name, defaultSetting(key));
    else settings.set(name, settingOf(key, inherited, 'broker'));
  }
  if (errors.length === 0) errors.push(...brokenRules(table, settings, options.at));
  return { settings, errors };
}

function brokenRules<Keys extends ConfigKeys>(
  table: ConfigTable<Keys>,
  settings: ReadonlyMap<string, Setting>,
  at: string,
): ConfigError[] {
  const config = new ParsedConfig(table, settings);
  const errors: ConfigError[] = [];
  for (const rule of table.rules) {
    const broken = rule(config);
    if (broken === null) continue;
    const { key, problem, allowed } = broken;
    const value = table.keys[key]?.type === 'PASSWORD' ? HIDDEN : (config.text(key) ?? '');
    const message = `${key}=${value} ${problem}; allowed: ${allowed}`;
    errors.push({ at, key, value, kind: 'conflict', message, allowed, nearest: null });
  }
  return errors;
}

/** As Kafka prints a password. */
const HIDDEN = '[hidden]';

type Declaring = Pick<ConfigTable<ConfigKeys>, 'keys' | 'perListener'>;

/** The key of that name, or of that name behind a listener's prefix. */
export function declared(
  { keys, perListener }: Declaring,
  name: string,
): ConfigKey<unknown> | undefined {
  if (Object.hasOwn(keys, name)) return keys[name];
  if (!name.startsWith(LISTENER_PREFIX)) return undefined;
  const rest = name.slice(LISTENER_PREFIX.length);
  const key = rest.slice(rest.indexOf('.') + 1);
  return rest.includes('.') && perListener.includes(key) ? keys[key] : undefined;
}

function checkKey(
  table: Declaring & { readonly level: ConfigLevel },
  name: string,
  given: string,
  at: string,
): ConfigError | null {
  const key = declared(table, name);
  const value = key?.type === 'PASSWORD' ? HIDDEN : given;
  if (key === undefined) {
    const nearest = nearestName(name, Object.keys(table.keys));
    const kind = table.level === 'admin' ? 'an admin' : `a ${table.level}`;
    const message = sentence(`${name} is not ${kind} key`, didYouMean(nearest));
    return { at, key: name, value, kind: 'unknown-key', message, allowed: null, nearest };
  }
  const result = readValue(key, given);
  const allowed = allowedText(key);
  if (!result.ok) {
    const nearest = key.allowed === null ? null : nearestName(value.trim(), key.allowed);
    const complaint = `${name}=${value} ${result.problem}; allowed: ${allowed}`;
    const message = sentence(complaint, didYouMean(nearest));
    return { at, key: name, value, kind: 'bad-value', message, allowed, nearest };
  }
  if (key.notYet !== null && result.text !== key.defaultText && !key.works.includes(result.text)) {
    const possible = [key.defaultText ?? 'leaving it out', ...key.works].join(', ');
    const message = `${name}=${value} needs ${key.notYet}, not there yet; allowed: ${possible}`;
    return { at, key: name, value, kind: 'not-yet', message, allowed: possible, nearest: null };
  }
  return null;
}

function sentence(complaint: string, question: string): string {
  return question === '' ? complaint : `${complaint}; ${question}`;
}

function settingOf(key: ConfigKey<unknown>, text: string, source: ConfigSource): Setting {
  const result = readValue(key, text);
  assert(result.ok, `config value ${text} was checked before`);
  return { value: result.value, text: result.text, source };
}

function defaultSetting(key: ConfigKey<unknown>): Setting {
  if (key.defaultText === null) return { value: null, text: null, source: 'default' };
  if (key.type === 'STRING' || key.type === 'CLASS' || key.type === 'PASSWORD') {
    return { value: key.defaultText, text: key.defaultText, source: 'default' };
  }
  // A default may lie outside the range given values must keep (node.id is -1 until set).
  const unbounded = { ...key, min: null, max: null };
  return settingOf(unbounded, key.defaultText, 'default');
}
