/** Writes the encoders of a message's structs. */
import type { VersionRange } from '../../kafka/wire/schema.ts';
import { functionHead, ifElse, indent, mentions } from './layout.ts';
import {
  differsFromDefault,
  type FieldModel,
  isArrayElement,
  type MessageModel,
  type StructModel,
  versionCheck,
} from './model.ts';
import { branch, condition, conditionOutside, intersect, isEmpty } from './ranges.ts';

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
  struct.needsVersion.encode = isRoot || mentions(body, 'version');
  const parameters = [
    `${mentions(body, 'w') ? 'w' : '_w'}: Writer`,
    `${mentions(body, 'm') ? 'm' : '_m'}: Readonly<${name}>`,
  ];
  if (struct.needsVersion.encode) parameters.push('version: number');
  const head = functionHead(`encode${name}`, parameters, 'void');
  if (isRoot) return `export ${head}${versionCheck(message)}${body}}\n`;
  return `${head}${body}}\n${arrayEncoder(message, struct)}`;
}

function arrayEncoder(message: MessageModel, struct: StructModel): string {
  if (!isArrayElement(message, struct)) return '';
  const { name } = struct;
  const flexible = condition(struct.reach, message.schema.flexible);
  const needsVersion = struct.needsVersion.encode || mentions(flexible, 'version');
  struct.needsVersion.encodeArray = needsVersion;
  const version = struct.needsVersion.encode ? ', version' : '';
  const parameters = ['w: Writer', `items: readonly ${name}[] | null`];
  if (needsVersion) parameters.push('version: number');
  const head = functionHead(`encode${name}Array`, parameters, 'void');
  return `
${head}  writeLength(w, ${flexible}, items === null ? -1 : items.length);
  if (items === null) return;
  for (let i = 0; i < items.length; i++) {
    encode${name}(w, items[i] as ${name}${version});
  }
}
`;
}

function refusal(field: FieldModel, when: string): string {
  const differs = differsFromDefault(field, `m.${field.name}`);
  const test = when === 'true' ? differs : `${when} && ${differs}`;
  return ifElse(test, `throw unsupportedField('${field.label}', version);`, '');
}

function fieldStatement(message: MessageModel, struct: StructModel, field: FieldModel): string {
  const { schema } = field;
  return indent(
    branch(struct.reach, schema.versions, {
      inside: (reach) => writeStatement(message, field, reach),
      outside: () => (schema.ignorable ? '' : refusal(field, 'true')),
      join: ifElse,
    }),
  );
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
    const version = struct.needsVersion.encodeArray ? ', version' : '';
    return `encode${struct.name}Array(w, ${argument}${version});`;
  }
  if (struct !== null) {
    const version = struct.needsVersion.encode ? ', version' : '';
    return branch(reach, schema.nullable, {
      inside: () => `if (${value} === null) {
  w.int8(-1);
} else {
  w.int8(1);
  encode${struct.name}(w, ${value}${version});
}`,
      outside: () => `encode${struct.name}(w, ${checked}${version});`,
      join: ifElse,
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
      join: ifElse,
    });
  return branch(reach, schema.nullable, {
    inside: write('Nullable', value),
    outside: write('', checked),
    join: ifElse,
  });
}

function tagSection(message: MessageModel, struct: StructModel): string {
  const tagged = struct.fields
    .filter((f) => f.schema.tag !== null)
    .sort((a, b) => (a.schema.tag ?? 0) - (b.schema.tag ?? 0));
  let code = '';
  for (const field of tagged) {
    const absent = conditionOutside(struct.reach, field.schema.versions);
    if (!field.schema.ignorable && absent !== 'false') code += indent(refusal(field, absent));
  }
  code += indent(
    branch(struct.reach, message.schema.flexible, {
      inside: (reach) => tags(message, tagged, reach),
      outside: () => '',
      join: ifElse,
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
