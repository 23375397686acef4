/**
 * A second, slow encoder that walks declarations and shares nothing with the generated codecs, so
 * that both must be wrong in the same way before a test is.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type FieldSchema,
  inRange,
  type MessageSchema,
  type StructSchema,
} from '../../../../kafka/wire/schema.ts';
import { defaultValue } from './values.ts';

export function referenceEncode(schema: MessageSchema, value: unknown, version: number): Buffer {
  return encodeStruct(schema, value, { version, flexible: inRange(schema.flexible, version) });
}

interface Format {
  version: number;
  flexible: boolean;
}

function encodeStruct(struct: StructSchema, value: unknown, format: Format): Buffer {
  const values = value as Record<string, unknown>;
  const parts: Buffer[] = [];
  const tags: { tag: number; content: Buffer }[] = [];
  for (const [name, field] of Object.entries(struct.fields)) {
    if (!inRange(field.versions, format.version)) continue;
    if (field.tag === null) parts.push(encodeField(field, values[name], format));
    else if (!isDeepStrictEqual(values[name], defaultValue(field))) {
      tags.push({ tag: field.tag, content: encodeField(field, values[name], format) });
    }
  }
  if (format.flexible) {
    parts.push(varint(tags.length));
    tags.sort((a, b) => a.tag - b.tag);
    for (const { tag, content } of tags) parts.push(varint(tag), varint(content.length), content);
  }
  return Buffer.concat(parts);
}

function encodeField(field: FieldSchema, value: unknown, format: Format): Buffer {
  const own = field.neverFlexible ? { ...format, flexible: false } : format;
  if (!field.isArray) return encodeElement(field, value, own, inRange(field.nullable, own.version));
  if (value === null) return length(own, -1, 4);
  const items = value as unknown[];
  return Buffer.concat([
    length(own, items.length, 4),
    ...items.map((item) => encodeElement(field, item, own, false)),
  ]);
}

function encodeElement(
  field: FieldSchema,
  value: unknown,
  format: Format,
  nullable: boolean,
): Buffer {
  const { type } = field;
  if (typeof type !== 'string') {
    if (!nullable) return encodeStruct(type, value, format);
    if (value === null) return Buffer.from([255]);
    return Buffer.concat([Buffer.from([1]), encodeStruct(type, value, format)]);
  }
  switch (type) {
    case 'bool':
      return Buffer.from([value === true ? 1 : 0]);
    case 'string':
      return sized(value === null ? null : Buffer.from(value as string, 'utf8'), format, 2);
    case 'bytes':
    case 'records':
      return sized(value === null ? null : Buffer.from(value as Uint8Array), format, 4);
    case 'uuid':
      return Buffer.from(value as string, 'base64url');
    case 'int64': {
      const bytes = Buffer.alloc(8);
      bytes.writeBigInt64BE(BigInt(value as number));
      return bytes;
    }
    case 'float64': {
      const bytes = Buffer.alloc(8);
      bytes.writeDoubleBE(value as number);
      return bytes;
    }
    default: {
      const bits = { int8: 8, int16: 16, uint16: 16, int32: 32, uint32: 32 }[type];
      const bytes = Buffer.alloc(bits / 8);
      if (type.startsWith('u')) bytes.writeUIntBE(value as number, 0, bits / 8);
      else bytes.writeIntBE(value as number, 0, bits / 8);
      return bytes;
    }
  }
}

function sized(content: Buffer | null, format: Format, lengthBytes: number): Buffer {
  if (content === null) return length(format, -1, lengthBytes);
  return Buffer.concat([length(format, content.length, lengthBytes), content]);
}

function length(format: Format, count: number, lengthBytes: number): Buffer {
  if (format.flexible) return varint(count + 1);
  const bytes = Buffer.alloc(lengthBytes);
  bytes.writeIntBE(count, 0, lengthBytes);
  return bytes;
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  while (rest > 127) {
    bytes.push((rest % 128) + 128);
    rest = Math.floor(rest / 128);
  }
  return Buffer.from([...bytes, rest]);
}
