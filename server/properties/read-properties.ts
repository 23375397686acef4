/**
 * Java's properties files: `key=value`, `key: value` or `key value`, comments with # or !, lines
 * that go on after a backslash, escapes. Of a key that stands twice the last counts, as in Java.
 */
export interface Property {
  readonly value: string;
  /** From 1 on; null: it was said beside the file. */
  readonly line: number | null;
}

/** @param label of the file. */
export function placeOf(label: string, { line }: Property): string {
  return line === null ? '--set' : `${label}:${line}`;
}

export function readProperties(text: string): Map<string, Property> {
  const properties = new Map<string, Property>();
  for (const { line, text: logical } of logicalLines(text)) {
    const end = keyEnd(logical);
    const key = unescaped(logical.slice(0, end));
    const value = unescaped(logical.slice(end).replace(/^[ \t\f]*[=:]?[ \t\f]*/, ''));
    properties.delete(key);
    properties.set(key, { value: value.trimEnd(), line });
  }
  return properties;
}

function logicalLines(text: string): { line: number; text: string }[] {
  const lines: { line: number; text: string }[] = [];
  let open: { line: number; text: string } | null = null;
  for (const [index, raw] of text.split(/\r\n|\r|\n/).entries()) {
    const natural = raw.replace(/^[ \t\f]+/, '');
    if (open === null && (natural === '' || /^[#!]/.test(natural))) continue;
    open ??= { line: index + 1, text: '' };
    // An odd number of backslashes at the end: the line goes on.
    const goesOn = (/\\*$/.exec(natural)?.[0].length ?? 0) % 2 === 1;
    open.text += goesOn ? natural.slice(0, -1) : natural;
    if (goesOn) continue;
    lines.push(open);
    open = null;
  }
  if (open !== null) lines.push(open);
  return lines;
}

/** Where the key ends: at the first blank, `=` or `:` that is not escaped. */
function keyEnd(line: string): number {
  for (let at = 0; at < line.length; at += 1) {
    const character = line.charAt(at);
    if (character === '\\') at += 1;
    else if (/[=: \t\f]/.test(character)) return at;
  }
  return line.length;
}

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', f: '\f' };

function unescaped(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|(.))/g, (_, unicode, character) => {
    if (unicode !== undefined) return String.fromCharCode(Number.parseInt(unicode, 16));
    return ESCAPES[character] ?? character;
  });
}
