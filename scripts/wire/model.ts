/**
 * A message prepared for code generation: its structs in dependency order (inner ones first), each
 * with the versions in which it can be reached, and the names, types and defaults of its fields.
 */
import {
  type FieldSchema,
  inRange,
  type MessageSchema,
  type StructSchema,
  type VersionRange,
} from '../../kafka/wire/schema.ts';
import { hull, intersect, isEmpty } from './ranges.ts';

export interface FieldModel {
  readonly name: string;
  /** The name of a local variable for it: the field's own, unless that is taken. */
  readonly local: string;
  readonly schema: FieldSchema;
  /** The struct it holds, or null for scalars. */
  readonly struct: StructModel | null;
  /** The path to it in error messages. */
  readonly label: string;
}

export interface StructModel {
  readonly name: string;
  readonly fields: FieldModel[];
  reach: VersionRange;
  /** Which of the struct's functions need to know the version; set when they are generated. */
  readonly needsVersion: {
    encode: boolean;
    encodeArray: boolean;
    decode: boolean;
    decodeArray: boolean;
  };
}

export interface MessageModel {
  readonly schema: MessageSchema;
  readonly root: StructModel;
  /** Inner structs first, the message itself last. */
  readonly structs: StructModel[];
}

const TAKEN = new Set(
  (
    'r w m i version count tag tagCount tagEnd items init default delete new in for if of this ' +
    'function class return switch case void with yield null true false type package'
  ).split(' '),
);

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

export function isStruct(type: FieldSchema['type']): type is StructSchema {
  return typeof type !== 'string';
}

export function modelMessage(schema: MessageSchema): MessageModel {
  const known = new Map<string, { schema: StructSchema; model: StructModel }>();
  const structs: StructModel[] = [];

  function modelStruct(struct: StructSchema, reach: VersionRange): StructModel {
    const seen = known.get(struct.name);
    if (seen !== undefined && seen.schema.fields !== struct.fields) {
      throw new Error(`${schema.name} declares two different structs ${struct.name}`);
    }
    const model: StructModel = seen?.model ?? {
      name: struct.name,
      fields: [],
      reach,
      needsVersion: { encode: false, encodeArray: false, decode: false, decodeArray: false },
    };
    model.reach = hull(seen?.model.reach, reach);
    const path = struct.name === schema.name ? schema.name : `${schema.name}.${struct.name}`;
    for (const [name, field] of Object.entries(struct.fields)) {
      const inner = isStruct(field.type)
        ? modelStruct(field.type, intersect(model.reach, field.versions))
        : null;
      if (seen === undefined) {
        const local = TAKEN.has(name) ? `${name}Field` : name;
        model.fields.push({
          name,
          local,
          schema: field,
          struct: inner,
          label: `${path}.${name}`,
        });
      }
    }
    if (seen === undefined) {
      known.set(struct.name, { schema: struct, model });
      structs.push(model);
    }
    return model;
  }

  const root = modelStruct(schema, schema.versions);
  return { schema, root, structs };
}

export function isNullable(field: FieldModel): boolean {
  return !isEmpty(field.schema.nullable);
}

export function elementType(field: FieldModel): string {
  if (field.struct !== null) return field.struct.name;
  const type = field.schema.type;
  switch (type) {
    case 'bool':
      return 'boolean';
    case 'string':
      return 'string';
    case 'bytes':
    case 'records':
      return 'Uint8Array';
    case 'uuid':
      return 'Uuid';
    default:
      return 'number';
  }
}

export function typeOf(field: FieldModel): string {
  const element = elementType(field);
  const type = field.schema.isArray
    ? `${element}[]`
    : field.struct !== null
      ? `Readonly<${element}>`
      : element;
  return isNullable(field) ? `${type} | null` : type;
}

/** The default as source. `records` fields that may be null are null by default, as in Kafka. */
export function defaultOf(field: FieldModel): string {
  const { schema } = field;
  if (schema.default === null) return 'null';
  if (schema.type === 'records' && isNullable(field)) return 'null';
  if (schema.isArray) return '[]';
  if (field.struct !== null) return `default${field.struct.name}`;
  if (typeof schema.default === 'string') return `'${schema.default}'`;
  if (schema.default !== undefined) return String(schema.default);
  switch (schema.type) {
    case 'bool':
      return 'false';
    case 'string':
      return `''`;
    case 'bytes':
    case 'records':
      return 'EMPTY_BYTES';
    case 'uuid':
      return 'ZERO_UUID';
    default:
      return '0';
  }
}

/** An expression that is true when `value` differs from the default of the field. */
export function differsFromDefault(field: FieldModel, value: string): string {
  const { schema } = field;
  const byDefault = defaultOf(field);
  if (byDefault === 'null') return `${value} !== null`;
  if (schema.isArray || schema.type === 'bytes' || schema.type === 'records') {
    const filled = `${value}.length !== 0`;
    return isNullable(field) ? `(${value} === null || ${filled})` : filled;
  }
  if (field.struct !== null) return `!isDefault${field.struct.name}(${value})`;
  if (schema.type === 'bool') return byDefault === 'true' ? `!${value}` : value;
  return `${value} !== ${byDefault}`;
}

const FIXED_BYTES: Readonly<Record<string, number>> = {
  bool: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  float64: 8,
  uuid: 16,
};

/** The fewest bytes that a struct can take in any version of `reach`. */
export function minBytes(
  struct: StructModel,
  reach: VersionRange,
  flexible: VersionRange,
  max: number,
): number {
  let fewest = Number.POSITIVE_INFINITY;
  for (let version = reach.min; version <= Math.min(reach.max, max); version++) {
    let size = inRange(flexible, version) ? 1 : 0;
    for (const field of struct.fields) {
      if (!inRange(field.schema.versions, version) || field.schema.tag !== null) continue;
      size += fieldMinBytes(field, version, flexible);
    }
    fewest = Math.min(fewest, size);
  }
  return Number.isFinite(fewest) ? fewest : 0;
}

function fieldMinBytes(field: FieldModel, version: number, flexible: VersionRange): number {
  const { schema } = field;
  const compact = inRange(flexible, version) && !schema.neverFlexible;
  if (schema.isArray) return compact ? 1 : 4;
  if (field.struct !== null) {
    if (inRange(schema.nullable, version)) return 1;
    return minBytes(field.struct, { min: version, max: version }, flexible, version);
  }
  const fixed = FIXED_BYTES[schema.type as string];
  if (fixed !== undefined) return fixed;
  if (compact) return 1;
  return schema.type === 'string' ? 2 : 4;
}

export function isArrayElement(message: MessageModel, struct: StructModel): boolean {
  return message.structs.some((s) => s.fields.some((f) => f.struct === struct && f.schema.isArray));
}

/** The first statement of a message's encoder and decoder. NaN is refused too. */
export function versionCheck(message: MessageModel): string {
  const { name, versions } = message.schema;
  return `  if (!(version >= ${versions.min} && version <= ${versions.max})) {
    throw unsupportedVersion('${name}', version);
  }
`;
}
