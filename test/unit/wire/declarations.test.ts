import { describe, expect, test } from 'vitest';
import { apis } from '../../../kafka/wire/apis.ts';
import { allMessages } from '../../../kafka/wire/messages/all.ts';
import {
  type FieldSchema,
  type MessageSchema,
  parseVersions,
  type StructSchema,
} from '../../../kafka/wire/schema.ts';
import { readSchemas, type SchemaField, type SchemaFile } from './support/reference-data.ts';

const schemas = readSchemas();

/** Came after the reference schemas were taken (4.0). */
const NEWER = new Set(['ClearElrRecord']);
const comparable = allMessages.filter(({ name }) => !NEWER.has(name));

/** What we declare beyond the reference schemas: pre-vote (KIP-996) came with Vote 2. */
const LATER: Readonly<Record<string, { versions: string; lines: readonly string[] }>> = {
  VoteRequest: {
    versions: '0-2',
    lines: ['topics.partitions.preVote: bool 2..Infinity null 0..-1 default undefined tag null'],
  },
  VoteResponse: { versions: '0-2', lines: [] },
};

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}

function range(text: string): string {
  const { min, max } = parseVersions(text);
  return `${min}..${max}`;
}

/** One line a field with all that its encoding depends on, from our declaration. */
function declaredLines(struct: StructSchema, path = ''): string[] {
  return Object.entries(struct.fields).flatMap(([name, field]) => {
    const { type, versions, nullable } = field;
    const typeName = `${field.isArray ? '[]' : ''}${typeof type === 'string' ? type : type.name}`;
    const line =
      `${path}${name}: ${typeName} ${versions.min}..${versions.max} ` +
      `null ${nullable.min}..${nullable.max} default ${field.default} tag ${field.tag}${flags(field)}`;
    return [line, ...(typeof type === 'string' ? [] : declaredLines(type, `${path}${name}.`))];
  });
}

function flags(field: FieldSchema): string {
  return (
    (field.ignorable ? ' ignorable' : '') +
    (field.mapKey ? ' mapKey' : '') +
    (field.neverFlexible ? ' neverFlexible' : '')
  );
}

/** The same lines from a schema file. */
function schemaLines(file: SchemaFile, fields: SchemaField[], path = ''): string[] {
  return fields.flatMap((field) => {
    const name = lowerFirst(field.name);
    const element = field.type.replace('[]', '');
    const inner = field.fields ?? file.commonStructs?.find((s) => s.name === element)?.fields;
    const line =
      `${path}${name}: ${field.type} ${range(field.versions)} ` +
      `null ${range(field.nullableVersions ?? 'none')} ` +
      `default ${defaultOf(field, element)} tag ${field.tag ?? null}` +
      (field.ignorable === true ? ' ignorable' : '') +
      (field.mapKey === true ? ' mapKey' : '') +
      (field.flexibleVersions === 'none' ? ' neverFlexible' : '');
    return [line, ...(inner === undefined ? [] : schemaLines(file, inner, `${path}${name}.`))];
  });
}

function defaultOf(field: SchemaField, element: string): unknown {
  const given = field.default;
  if (given === undefined || given === 'null') return given === 'null' ? null : undefined;
  if (element === 'bool') return String(given) === 'true';
  return element === 'string' ? given : Number(given);
}

function shape(schema: MessageSchema): object {
  const { name, key, versions, flexible } = schema;
  return {
    name,
    key,
    versions: `${versions.min}..${versions.max}`,
    flexible: `${flexible.min}..${flexible.max}`,
  };
}

describe('the declared messages', () => {
  test.skipIf(schemas === null).each(comparable.map((schema) => ({ name: schema.name, schema })))(
    'agree with Kafka: $name',
    ({ name, schema }) => {
      const file = schemas?.get(name) as SchemaFile;
      const later = LATER[name];

      expect(shape(schema)).toEqual({
        name,
        key: file.apiKey ?? null,
        versions: range(later?.versions ?? file.validVersions),
        flexible: range(file.flexibleVersions),
      });
      const lines = declaredLines(schema).filter((line) => !later?.lines.includes(line));
      expect(lines).toEqual(schemaLines(file, file.fields));
      expect(declaredLines(schema)).toEqual(expect.arrayContaining([...(later?.lines ?? [])]));
    },
  );

  test.skipIf(schemas === null)('have tags in all versions of their field, as in Kafka', () => {
    const walk = (file: SchemaFile, fields: SchemaField[]): void => {
      for (const field of fields) {
        if (field.tag !== undefined) expect(field.taggedVersions, file.name).toBe(field.versions);
        walk(file, field.fields ?? []);
      }
    };
    for (const { name } of comparable) {
      const file = schemas?.get(name) as SchemaFile;
      walk(file, file.fields);
    }
  });

  test('have names of their own', () => {
    expect(new Set(allMessages.map((m) => m.name)).size).toBe(allMessages.length);
  });
});

describe('the table of APIs', () => {
  test('serves only versions that both codecs have', () => {
    for (const api of Object.values(apis)) {
      for (const codec of [api.request, api.response]) {
        expect(api.minVersion, api.name).toBeGreaterThanOrEqual(codec.minVersion);
        expect(api.maxVersion, api.name).toBeLessThanOrEqual(codec.maxVersion);
        expect(api.flexibleFrom, api.name).toBe(codec.flexibleFrom);
      }
    }
  });

  test('gives every API the key and codecs of its declaration', () => {
    for (const [name, api] of Object.entries(apis)) {
      expect(api.name).toBe(name);
      expect(api.request.name).toBe(`${name}Request`);
      expect(api.response.name).toBe(`${name}Response`);
      const declared = allMessages.filter((m) => m.name === api.request.name);
      expect(declared.map((m) => m.key)).toEqual([api.key]);
    }
    const requests = allMessages.filter((m) => m.kind === 'request');
    expect(Object.keys(apis)).toHaveLength(requests.length);
  });
});
