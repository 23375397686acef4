/** Writes the decoders of a message's structs. */
import type { VersionRange } from '../../kafka/wire/schema.ts';
import {
  defaultOf,
  type FieldModel,
  type MessageModel,
  minBytes,
  type StructModel,
  typeOf,
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
  const body = decoderBody(message, struct);
  struct.decodeNeedsVersion = isRoot || /\bversion\b/.test(body);
  const parameters = struct.decodeNeedsVersion ? 'r: Reader, version: number' : 'r: Reader';
  const { name } = struct;
  const { min, max } = message.schema.versions;
  const check = isRoot
    ? `  if (!(version >= ${min} && version <= ${max})) {
    throw unsupportedVersion('${name}', version);
  }\n`
    : '';
  const usesReader = isRoot && !/\br\./.test(body) && !/\(r\b/.test(body);
  const head = `function decode${name}(${usesReader ? `_${parameters}` : parameters}): ${name} {\n`;
  const code = `${isRoot ? 'export ' : ''}${head}${check}${body}}\n`;
  return isRoot ? code : code + arrayDecoder(message, struct);
}

function arrayDecoder(message: MessageModel, struct: StructModel): string {
  const used = message.structs.some((s) =>
    s.fields.some((f) => f.struct === struct && f.schema.isArray),
  );
  if (!used) return '';
  const { name } = struct;
  const { flexible, versions } = message.schema;
  const length = branch(struct.reach, flexible, {
    inside: (r) => `r.compactArrayLength(${minBytes(struct, r, flexible, versions.max)})`,
    outside: (r) => `r.arrayLength(${minBytes(struct, r, flexible, versions.max)})`,
    join: ternary,
  });
  const item = `decode${name}(r${struct.decodeNeedsVersion ? ', version' : ''})`;
  const needsVersion = struct.decodeNeedsVersion || length.includes('version');
  arraysNeedingVersion.set(struct, needsVersion);
  return `
function decode${name}Array(r: Reader${needsVersion ? ', version: number' : ''}): ${name}[] | null {
  const count = ${length};
  if (count < 0) return null;
  const items = new Array<${name}>(count);
  for (let i = 0; i < count; i++) items[i] = ${item};
  return items;
}
`;
}

const arraysNeedingVersion = new WeakMap<StructModel, boolean>();

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
    return `  const ${local} = ${valueExpression(message, field, struct.reach)};\n`;
  }
  const start = `let ${local}: ${typeOf(field)} = ${defaultOf(field)};\n`;
  if (when === 'false') return `  const${start.slice(3)}`;
  if (field.schema.tag !== null) return `  ${start}`;
  const inside = intersect(struct.reach, field.schema.versions);
  return `  ${start}  if (${when}) ${local} = ${valueExpression(message, field, inside)};\n`;
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
        : `decode${struct.name}Array(r${arraysNeedingVersion.get(struct) ? ', version' : ''})`;
    const refuse = `${read} ?? nullRefused('${field.label}')`;
    return branch(reach, schema.nullable, {
      inside: () => read,
      outside: () => refuse,
      join: (test, inside) => `${inside} ?? (${test} ? null : nullRefused('${field.label}'))`,
    });
  }
  if (struct !== null) {
    const read = `decode${struct.name}(r${struct.decodeNeedsVersion ? ', version' : ''})`;
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
  const pad = when === 'true' ? '  ' : '    ';
  let code = when === 'true' ? '' : `  if (${when}) {\n`;
  code += `${pad}const tagCount = r.unsignedVarint();\n`;
  code += `${pad}for (let i = 0; i < tagCount; i++) {\n`;
  code += `${pad}  const tag = r.unsignedVarint();\n${pad}  const tagEnd = readTagEnd(r);\n`;
  code += `${pad}  switch (tag) {\n`;
  for (const field of tagged) {
    const value = valueExpression(message, field, intersect(reach, field.schema.versions));
    const has = condition(reach, field.schema.versions);
    code += `${pad}    case ${field.schema.tag}:\n`;
    code +=
      has === 'true'
        ? `${pad}      ${field.local} = ${value};\n`
        : `${pad}      if (${has}) ${field.local} = ${value};\n${pad}      else r.position = tagEnd;\n`;
    code += `${pad}      break;\n`;
  }
  code += `${pad}    default:\n${pad}      r.position = tagEnd;\n${pad}  }\n`;
  code += `${pad}  expectTagEnd(r, tagEnd, tag, '${message.schema.name}');\n${pad}}\n`;
  return when === 'true' ? code : `${code}  }\n`;
}
