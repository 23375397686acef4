/**
 * The little language in which `messages/` declares what goes over the wire and into logs: a
 * message is a list of fields, each with the versions that carry it. It follows Kafka's message
 * schema rules (KIP-482 for flexible versions and tags). `scripts/generate-wire.ts` turns
 * declarations into codecs.
 *
 * Versions are written as in Kafka: '3+' (3 and later), '2-5' (inclusive), '0' (exactly), 'none'.
 */

/** Both ends inclusive; `max` is Infinity for an open range, `min > max` is the empty range. */
export interface VersionRange {
  readonly min: number;
  readonly max: number;
}

export type ScalarType =
  | 'bool'
  | 'int8'
  | 'int16'
  | 'uint16'
  | 'int32'
  | 'uint32'
  | 'int64'
  | 'float64'
  | 'string'
  | 'bytes'
  | 'records'
  | 'uuid';

export type DefaultValue = number | boolean | string | null;

export interface StructSchema {
  readonly name: string;
  readonly fields: Readonly<Record<string, FieldSchema>>;
}

export interface FieldSchema {
  readonly type: ScalarType | StructSchema;
  readonly isArray: boolean;
  /** The versions that carry the field; in others it decodes to its default. */
  readonly versions: VersionRange;
  /** The versions in which null may stand for the value. */
  readonly nullable: VersionRange;
  /** Undefined: the zero of its type (0, false, '', empty, the zero uuid, a struct of defaults). */
  readonly default: DefaultValue | undefined;
  /** Its tag when it lives in the tag section, in all its versions. */
  readonly tag: number | null;
  /** A value other than the default may be dropped silently in versions without the field. */
  readonly ignorable: boolean;
  /** The field is (part of) the key by which its struct is unique in its array. */
  readonly mapKey: boolean;
  /** Stays in the old encoding in flexible versions too (only the client id of request headers). */
  readonly neverFlexible: boolean;
}

export type MessageKind = 'request' | 'response' | 'header' | 'metadata record' | 'data';

export interface MessageSchema extends StructSchema {
  readonly kind: MessageKind;
  /** The API key of requests and responses, the record type of metadata records, else null. */
  readonly key: number | null;
  readonly versions: VersionRange;
  readonly flexible: VersionRange;
}

interface MessageOptions {
  name: string;
  versions: string;
  flexible: string;
  fields: Record<string, FieldSchema>;
}

interface FieldOptions<Default> {
  nullable?: string;
  default?: Default;
  ignorable?: boolean;
  tag?: number;
  mapKey?: boolean;
  neverFlexible?: boolean;
}

interface StructOptions extends FieldOptions<null> {
  /** The name of the struct; a struct used twice in a message is declared as one constant. */
  of: string;
  fields: Record<string, FieldSchema>;
}

const NO_VERSIONS: VersionRange = { min: 0, max: -1 };

export function parseVersions(text: string): VersionRange {
  if (text === 'none') return NO_VERSIONS;
  const match = /^(\d+)(?:(\+)|-(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`not a version range: '${text}'`);
  const min = Number(match[1]);
  if (match[2] === '+') return { min, max: Number.POSITIVE_INFINITY };
  return { min, max: match[3] === undefined ? min : Number(match[3]) };
}

export function inRange(range: VersionRange, version: number): boolean {
  return version >= range.min && version <= range.max;
}

function message(kind: MessageKind, key: number | null, options: MessageOptions): MessageSchema {
  return {
    kind,
    key,
    name: options.name,
    versions: parseVersions(options.versions),
    flexible: parseVersions(options.flexible),
    fields: options.fields,
  };
}

export function request(options: MessageOptions & { key: number }): MessageSchema {
  return message('request', options.key, options);
}
export function response(options: MessageOptions & { key: number }): MessageSchema {
  return message('response', options.key, options);
}
export function header(options: MessageOptions): MessageSchema {
  return message('header', null, options);
}
/** A record of the metadata log; `key` is its record type. */
export function metadataRecord(options: MessageOptions & { key: number }): MessageSchema {
  return message('metadata record', options.key, options);
}
/** Anything else with versions: control records, local files, principals. */
export function data(options: MessageOptions): MessageSchema {
  return message('data', null, options);
}

function field(
  type: ScalarType | StructSchema,
  isArray: boolean,
  versions: string,
  options: FieldOptions<DefaultValue>,
): FieldSchema {
  return {
    type,
    isArray,
    versions: parseVersions(versions),
    nullable: parseVersions(options.nullable ?? 'none'),
    default: options.default,
    tag: options.tag ?? null,
    ignorable: options.ignorable ?? false,
    mapKey: options.mapKey ?? false,
    neverFlexible: options.neverFlexible ?? false,
  };
}

type Declare<Default> = (versions: string, options?: FieldOptions<Default>) => FieldSchema;

function scalar<Default extends DefaultValue>(type: ScalarType): Declare<Default> {
  return (versions, options = {}) => field(type, false, versions, options);
}
function scalars(type: ScalarType): Declare<null> {
  return (versions, options = {}) => field(type, true, versions, options);
}

export const bool = scalar<boolean>('bool');
export const int8 = scalar<number>('int8');
export const int16 = scalar<number>('int16');
export const uint16 = scalar<number>('uint16');
export const int32 = scalar<number>('int32');
export const uint32 = scalar<number>('uint32');
export const int64 = scalar<number>('int64');
export const float64 = scalar<number>('float64');
export const string = scalar<string | null>('string');
export const bytes = scalar<null>('bytes');
export const records = scalar<null>('records');
export const uuid = scalar<string>('uuid');

export const int32s = scalars('int32');
export const int64s = scalars('int64');
export const strings = scalars('string');
export const uuids = scalars('uuid');

export function struct(versions: string, options: StructOptions): FieldSchema {
  return field({ name: options.of, fields: options.fields }, false, versions, options);
}
export function structs(versions: string, options: StructOptions): FieldSchema {
  return field({ name: options.of, fields: options.fields }, true, versions, options);
}
