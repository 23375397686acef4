/** Values for messages, drawn from their declarations: defaults, random ones and full ones. */
import fc from 'fast-check';
import { ZERO_UUID } from '../../../../kafka/base/uuid.ts';
import {
  type FieldSchema,
  inRange,
  type ScalarType,
  type StructSchema,
} from '../../../../kafka/wire/schema.ts';

/** The value of a field that is not on the wire. */
export function defaultValue(field: FieldSchema): unknown {
  if (field.default === null) return null;
  if (field.type === 'records' && field.nullable.min <= field.nullable.max) return null;
  if (field.isArray) return [];
  if (typeof field.type !== 'string') return defaultStruct(field.type);
  if (field.default !== undefined) return field.default;
  switch (field.type) {
    case 'bool':
      return false;
    case 'string':
      return '';
    case 'bytes':
    case 'records':
      return new Uint8Array(0);
    case 'uuid':
      return ZERO_UUID;
    default:
      return 0;
  }
}

export function defaultStruct(struct: StructSchema): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(struct.fields)) value[name] = defaultValue(field);
  return value;
}

const uuids = fc
  .uint8Array({ minLength: 16, maxLength: 16 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'));

const strings = fc.oneof(
  { weight: 8, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
  { weight: 1, arbitrary: fc.constant('x'.repeat(300)) },
);

const byteArrays = fc.oneof(
  { weight: 8, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 1, arbitrary: fc.constant(new Uint8Array(20_000).fill(7)) },
);

const scalars: Record<ScalarType, fc.Arbitrary<unknown>> = {
  bool: fc.boolean(),
  int8: fc.integer({ min: -128, max: 127 }),
  int16: fc.integer({ min: -32_768, max: 32_767 }),
  uint16: fc.integer({ min: 0, max: 65_535 }),
  int32: fc.integer(),
  uint32: fc.integer({ min: 0, max: 4_294_967_295 }),
  int64: fc.maxSafeInteger(),
  float64: fc.double({ noNaN: true }),
  string: strings,
  bytes: byteArrays,
  records: byteArrays,
  uuid: uuids,
};

/** Random values of a struct; fields that `version` does not carry have their defaults. */
export function arbitraryStruct(struct: StructSchema, version: number): fc.Arbitrary<object> {
  const fields: Record<string, fc.Arbitrary<unknown>> = {};
  for (const [name, field] of Object.entries(struct.fields)) {
    fields[name] = arbitraryField(field, version);
  }
  return fc.record(fields, { noNullPrototype: true });
}

function arbitraryField(field: FieldSchema, version: number): fc.Arbitrary<unknown> {
  if (!inRange(field.versions, version)) return fc.constant(null).map(() => defaultValue(field));
  const element =
    typeof field.type === 'string' ? scalars[field.type] : arbitraryStruct(field.type, version);
  const value = field.isArray ? fc.array(element, { maxLength: 3 }) : element;
  const given = inRange(field.nullable, version) ? fc.option(value, { freq: 4 }) : value;
  if (field.tag === null) return given;
  return fc.oneof(
    given,
    fc.constant(null).map(() => defaultValue(field)),
  );
}

/** A value with nothing null, nothing empty and two elements in every array. */
export function fullStruct(struct: StructSchema, version: number): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(struct.fields)) {
    value[name] = inRange(field.versions, version)
      ? fullField(field, version, name)
      : defaultValue(field);
  }
  return value;
}

function fullField(field: FieldSchema, version: number, name: string): unknown {
  const { type } = field;
  const element = () =>
    typeof type === 'string' ? fullScalar(type, name) : fullStruct(type, version);
  return field.isArray ? [element(), element()] : element();
}

function fullScalar(type: ScalarType, name: string): unknown {
  switch (type) {
    case 'bool':
      return true;
    case 'string':
      return name;
    case 'bytes':
    case 'records':
      return Uint8Array.from(Buffer.from(name));
    case 'uuid':
      return 'dHJpYWwtdG9waWMtaWQtMQ';
    case 'float64':
      return 0.25;
    default:
      return name.length + 1;
  }
}
