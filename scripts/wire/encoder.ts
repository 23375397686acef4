/** Writes the encoders of a message's structs. */
import type { VersionRange } from '../../kafka/wire/schema.ts';
import {
  differsFromDefault,
  type FieldModel,
  type MessageModel,
  type StructModel,
} from './model.ts';
import { branch, condition, intersect, isEmpty } from './ranges.ts';

const SCALAR_ARRAYS: Readonly<Record<string, string>> = {
  int32: 'writeInt32s',
  int64: 'writeInt64s',
  string: 'writeStrings',
  uuid: 'writeUuids',
};

export function encoders(message: MessageModel): string {
  return message.structs.map((struct) => encoder(message, struct)).join('\n');
}

function encoder(message: MessageModel, struct: StructModel): string {
  const isRoot = struct === message.root;
  const { name } = struct;
  let body = '';
  for (const field of struct.fields) {
    if (field.schema.tag === null) body += fieldStatement(message, struct, field);
  }
  body += tagSection(message, struct);
  struct.encodeNeedsVersion = isRoot || /\bversion\b/.test(body);
  const { min, max } = message.schema.versions;
  const check = isRoot
    ? `  if (!(version >= ${min} && version <= ${max})) {
    throw unsupportedVersion('${name}', version);
  }\n`
    : '';
  const writer = /\bw\b/.test(body) ? 'w' : '_w';
  const value = /\bm\b/.test(body) ? 'm' : '_m';
  const version = struct.encodeNeedsVersion ? ', version: number' : '';
  const head = `function encode${name}(${writer}: Writer, ${value}: Readonly<${name}>${version}): void {\n`;
  const code = `${isRoot ? 'export ' : ''}${wrapped(head)}${check}${body}}\n`;
  return isRoot ? code : code + arrayEncoder(message, struct);
}

function wrapped(head: string): string {
  if (head.length <= 94) return head;
  const open = head.indexOf('(');
  const close = head.lastIndexOf(')');
  const parameters = head.slice(open + 1, close).split(', ');
  return `${head.slice(0, open + 1)}\n${parameters.map((p) => `  ${p},\n`).join('')}${head.slice(close)}`;
}

const arraysNeedingVersion = new WeakMap<StructModel, boolean>();

function arrayEncoder(message: MessageModel, struct: StructModel): string {
  const used = message.structs.some((s) =>
    s.fields.some((f) => f.struct === struct && f.schema.isArray),
  );
  if (!used) return '';
  const { name } = struct;
  const flexible = condition(struct.reach, message.schema.flexible);
  const needsVersion = struct.encodeNeedsVersion || flexible.includes('version');
  arraysNeedingVersion.set(struct, needsVersion);
  const item = `encode${name}(w, items[i] as ${name}${struct.encodeNeedsVersion ? ', version' : ''})`;
  const version = needsVersion ? ', version: number' : '';
  const head = `function encode${name}Array(w: Writer, items: readonly ${name}[] | null${version}): void {\n`;
  return `
${wrapped(head)}  writeLength(w, ${flexible}, items === null ? -1 : items.length);
  if (items === null) return;
  for (let i = 0; i < items.length; i++) ${item};
}
`;
}

function refusal(field: FieldModel): string {
  const differs = differsFromDefault(field, `m.${field.name}`);
  return `if (${differs}) throw unsupportedField('${field.label}', version);`;
}

function fieldStatement(message: MessageModel, struct: StructModel, field: FieldModel): string {
  const { schema } = field;
  return indent(
    branch(struct.reach, schema.versions, {
      inside: (reach) => writeStatement(message, field, reach),
      outside: () => (schema.ignorable ? '' : refusal(field)),
      join: joinStatements,
    }),
  );
}

function joinStatements(test: string, inside: string, outside: string): string {
  const otherwise = outside === '' ? '' : ` else {\n${indent(outside)}}`;
  return `if (${test}) {\n${indent(inside)}}${otherwise}`;
}

function indent(code: string): string {
  if (code === '') return '';
  return `${code
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `  ${line}`)
    .join('\n')}\n`;
}

function writeStatement(message: MessageModel, field: FieldModel, reach: VersionRange): string {
  const { schema, struct } = field;
  const flexible = schema.neverFlexible ? { min: 0, max: -1 } : message.schema.flexible;
  const value = `m.${field.name}`;
  const mayBeNull = !isEmpty(schema.nullable);
  const checked = mayBeNull ? `${value} ?? nullRefused('${field.label}')` : value;
  if (schema.isArray) {
    const argument = mayBeNull
      ? branch(reach, schema.nullable, {
          inside: () => value,
          outside: () => checked,
          join: (test, inside) => `${inside} ?? (${test} ? null : nullRefused('${field.label}'))`,
        })
      : value;
    if (struct === null) {
      const write = SCALAR_ARRAYS[schema.type as string];
      if (write === undefined) throw new Error(`no array codec for the type of ${field.label}`);
      return `${write}(w, ${argument}, ${condition(reach, flexible)});`;
    }
    const version = arraysNeedingVersion.get(struct) ? ', version' : '';
    return `encode${struct.name}Array(w, ${argument}${version});`;
  }
  if (struct !== null) {
    const version = struct.encodeNeedsVersion ? ', version' : '';
    return branch(reach, schema.nullable, {
      inside: () => `if (${value} === null) {
  w.int8(-1);
} else {
  w.int8(1);
  encode${struct.name}(w, ${value}${version});
}`,
      outside: () => `encode${struct.name}(w, ${checked}${version});`,
      join: joinStatements,
    });
  }
  const method = { string: 'String', bytes: 'ByteArray', records: 'ByteArray' }[
    schema.type as string
  ];
  if (method === undefined) {
    return `w.${schema.type === 'bool' ? 'boolean' : schema.type}(${value});`;
  }
  const write = (nullable: string, argument: string) => (within: VersionRange) =>
    branch(within, flexible, {
      inside: () => `w.compact${nullable}${method}(${argument});`,
      outside: () => {
        const full = `${nullable}${method}`;
        return `w.${full.charAt(0).toLowerCase()}${full.slice(1)}(${argument});`;
      },
      join: joinStatements,
    });
  return branch(reach, schema.nullable, {
    inside: write('Nullable', value),
    outside: write('', checked),
    join: joinStatements,
  });
}

function tagSection(message: MessageModel, struct: StructModel): string {
  const tagged = struct.fields
    .filter((f) => f.schema.tag !== null)
    .sort((a, b) => (a.schema.tag ?? 0) - (b.schema.tag ?? 0));
  let code = '';
  for (const field of tagged) {
    if (field.schema.ignorable) continue;
    const when = condition(struct.reach, field.schema.versions);
    if (when === 'true') continue;
    const differs = differsFromDefault(field, `m.${field.name}`);
    const absent = when === 'false' ? differs : `!(${when}) && ${differs}`;
    code += `  if (${absent}) throw unsupportedField('${field.label}', version);\n`;
  }
  code += indent(
    branch(struct.reach, message.schema.flexible, {
      inside: (reach) => tags(message, tagged, reach),
      outside: () => '',
      join: joinStatements,
    }),
  );
  return code;
}

function tags(message: MessageModel, tagged: FieldModel[], reach: VersionRange): string {
  const present = tagged.filter((f) => !isEmpty(intersect(reach, f.schema.versions)));
  if (present.length === 0) return 'w.unsignedVarint(0);';
  const tests = present.map((field) => {
    const when = condition(reach, field.schema.versions);
    const differs = differsFromDefault(field, `m.${field.name}`);
    return when === 'true' ? differs : `${when} && ${differs}`;
  });
  let code = 'let tagCount = 0;\n';
  for (const test of tests) code += `if (${test}) tagCount += 1;\n`;
  code += 'w.unsignedVarint(tagCount);\nif (tagCount !== 0) {\n';
  present.forEach((field, i) => {
    const within = intersect(reach, field.schema.versions);
    code += `  if (${tests[i]}) {\n    const start = w.beginTag(${field.schema.tag});\n`;
    code += indent(indent(writeStatement(message, field, within)));
    code += '    w.endTag(start);\n  }\n';
  });
  return `${code}}`;
}
