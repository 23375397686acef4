/** Writes the decoders of a message's structs. */
import type { VersionRange } from '../../kafka/wire/schema.ts';
import { assignment, functionHead, ifElse, indent, mentions } from './layout.ts';
import {
  defaultOf,
  type FieldModel,
  isArrayElement,
  type MessageModel,
  minBytes,
  type StructModel,
  typeOf,
  versionCheck,
} from './model.ts';
import { branch, condition, intersect, isEmpty, ternary } from './ranges.ts';

const SCALAR_ARRAYS: Readonly<Record<string, string>> = {
  int32: 'readInt32s',
  int64: 'readInt64s',
  string: 'readStrings',
  uuid: 'readUuids',
};

export function decoders(message: MessageModel): string {
  return message.structs.map((struct) => decoder(message, struct)).join('\n');
}

function decoder(message: MessageModel, struct: StructModel): string {
  const isRoot = struct === message.root;
  const { name } = struct;
  const body = decoderBody(message, struct);
  struct.needsVersion.decode = isRoot || mentions(body, 'version');
  const parameters = [`${mentions(body, 'r') ? 'r' : '_r'}: Reader`];
  if (struct.needsVersion.decode) parameters.push('version: number');
  const head = functionHead(`decode${name}`, parameters, name);
  if (isRoot) return `export ${head}${versionCheck(message)}${body}}\n`;
  return `${head}${body}}\n${arrayDecoder(message, struct)}`;
}

function arrayDecoder(message: MessageModel, struct: StructModel): string {
  if (!isArrayElement(message, struct)) return '';
  const { name } = struct;
  const { flexible, versions } = message.schema;
  const length = branch(struct.reach, flexible, {
    inside: (r) => `r.compactArrayLength(${minBytes(struct, r, flexible, versions.max)})`,
    outside: (r) => `r.arrayLength(${minBytes(struct, r, flexible, versions.max)})`,
    join: ternary,
  });
  const needsVersion = struct.needsVersion.decode || mentions(length, 'version');
  struct.needsVersion.decodeArray = needsVersion;
  const item = `decode${name}(r${struct.needsVersion.decode ? ', version' : ''})`;
  const parameters = needsVersion ? ['r: Reader', 'version: number'] : ['r: Reader'];
  const head = functionHead(`decode${name}Array`, parameters, `${name}[] | null`);
  return `
${head}  const count = ${length};
  if (count < 0) return null;
  const items = new Array<${name}>(count);
  for (let i = 0; i < count; i++) items[i] = ${item};
  return items;
}
`;
}

function decoderBody(message: MessageModel, struct: StructModel): string {
  let code = '';
  for (const field of struct.fields) code += declaration(message, struct, field);
  code += tagSection(message, struct);
  const names = struct.fields.map((f) => (f.local === f.name ? f.name : `${f.name}: ${f.local}`));
  if (names.length === 0) return `${code}  return {};\n`;
  const line = `  return { ${names.join(', ')} };\n`;
  if (line.length <= 100) return code + line;
  return `${code}  return {\n${names.map((n) => `    ${n},\n`).join('')}  };\n`;
}

function declaration(message: MessageModel, struct: StructModel, field: FieldModel): string {
  const { local } = field;
  const when = condition(struct.reach, field.schema.versions);
  if (when === 'true' && field.schema.tag === null) {
    const value = valueExpression(message, field, struct.reach);
    return indent(assignment(`const ${local}`, value));
  }
  const declared = `${local}: ${typeOf(field)} = ${defaultOf(field)};`;
  if (when === 'false') return `  const ${declared}\n`;
  if (field.schema.tag !== null) return `  let ${declared}\n`;
  const inside = intersect(struct.reach, field.schema.versions);
  const read = assignment(local, valueExpression(message, field, inside));
  return `  let ${declared}\n${indent(ifElse(when, read, ''))}`;
}

/** The flags are source: 'true', 'false' or a condition on the version. */
function flexibleFlag(message: MessageModel, field: FieldModel, reach: VersionRange): string {
  return field.schema.neverFlexible ? 'false' : condition(reach, message.schema.flexible);
}

function valueExpression(message: MessageModel, field: FieldModel, reach: VersionRange): string {
  const { schema, struct } = field;
  if (schema.isArray) {
    const flexible = flexibleFlag(message, field, reach);
    const read =
      struct === null
        ? `${SCALAR_ARRAYS[schema.type as string] ?? missing(field)}(r, ${flexible})`
        : `decode${struct.name}Array(r${struct.needsVersion.decodeArray ? ', version' : ''})`;
    const refuse = `${read} ?? nullRefused('${field.label}')`;
    return branch(reach, schema.nullable, {
      inside: () => read,
      outside: () => refuse,
      join: (test, inside) => `${inside} ?? (${test} ? null : nullRefused('${field.label}'))`,
    });
  }
  if (struct !== null) {
    const read = `decode${struct.name}(r${struct.needsVersion.decode ? ', version' : ''})`;
    return branch(reach, schema.nullable, {
      inside: () => `r.int8() < 0 ? null : ${read}`,
      outside: () => read,
      join: ternary,
    });
  }
  return scalarExpression(message, field, reach);
}

function scalarExpression(message: MessageModel, field: FieldModel, reach: VersionRange): string {
  const { schema } = field;
  const method = { string: 'String', bytes: 'ByteArray', records: 'ByteArray' }[
    schema.type as string
  ];
  if (method === undefined) return `r.${schema.type === 'bool' ? 'boolean' : schema.type}()`;
  const flexible = schema.neverFlexible ? { min: 0, max: -1 } : message.schema.flexible;
  const read = (nullable: string) => (within: VersionRange) =>
    branch(within, flexible, {
      inside: () => `r.compact${nullable}${method}()`,
      outside: () => {
        const full = `${nullable}${method}`;
        return `r.${full.charAt(0).toLowerCase()}${full.slice(1)}()`;
      },
      join: ternary,
    });
  return branch(reach, schema.nullable, {
    inside: read('Nullable'),
    outside: read(''),
    join: ternary,
  });
}

function missing(field: FieldModel): never {
  throw new Error(`no array codec for the type of ${field.label}`);
}

function tagSection(message: MessageModel, struct: StructModel): string {
  const when = condition(struct.reach, message.schema.flexible);
  if (when === 'false') return '';
  const reach = intersect(struct.reach, message.schema.flexible);
  const tagged = struct.fields
    .filter((f) => f.schema.tag !== null && !isEmpty(intersect(reach, f.schema.versions)))
    .sort((a, b) => (a.schema.tag ?? 0) - (b.schema.tag ?? 0));
  if (tagged.length === 0) {
    return when === 'true' ? '  r.skipTags();\n' : `  if (${when}) r.skipTags();\n`;
  }
  let cases = '';
  for (const field of tagged) {
    const value = valueExpression(message, field, intersect(reach, field.schema.versions));
    const has = condition(reach, field.schema.versions);
    const read = assignment(field.local, value);
    const body = has === 'true' ? read : ifElse(has, read, 'r.position = tagEnd;');
    cases += `case ${field.schema.tag}:\n${indent(body)}  break;\n`;
  }
  const loop = `const tagCount = r.unsignedVarint();
for (let i = 0; i < tagCount; i++) {
  const tag = r.unsignedVarint();
  const tagEnd = readTagEnd(r);
  switch (tag) {
${indent(indent(`${cases}default:\n  r.position = tagEnd;\n`))}  }
  expectTagEnd(r, tagEnd, tag, '${message.schema.name}');
}`;
  return indent(when === 'true' ? loop : ifElse(when, loop, ''));
}
