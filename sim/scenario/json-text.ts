/**
 * Reads JSON text and remembers where everything stands, so that complaints can point at lines.
 * `JSON.parse` alone words and places its errors differently in every Node version and lets
 * repeated keys pass.
 */
import { formatPath } from './problems.ts';

export type JsonText =
  | {
      readonly ok: true;
      readonly value: unknown;
      /** `:line:column` of a path written as in `Problem.path`; of its parent if it is absent. */
      locate(path: string): string;
    }
  | {
      readonly ok: false;
      readonly line: number;
      readonly column: number;
      readonly message: string;
    };

const MAX_DEPTH = 100;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these may not stand in a string.
const STRING = /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"/y;
const WORD = /[\p{L}\p{N}_$]+/uy;
const BLANK = /[ \t\r\n]*/y;

export function parseJsonText(source: string): JsonText {
  const text = source.startsWith('\uFEFF') ? source.slice(1) : source;
  const scanner = new Scanner(text);
  try {
    scanner.document();
  } catch (error) {
    if (!(error instanceof JsonMistake)) throw error;
    return { ok: false, ...lineAndColumn(text, error.position), message: error.message };
  }
  const locate = (path: string) => {
    const position = nearestKnown(scanner.positions, path);
    const { line, column } = lineAndColumn(text, position);
    return `:${line}:${column}`;
  };
  return { ok: true, value: JSON.parse(text), locate };
}

class JsonMistake extends Error {
  readonly position: number;
  constructor(message: string, position: number) {
    super(message);
    this.position = position;
  }
}

/** Checks the syntax (RFC 8259) and notes the position of every value and key. */
class Scanner {
  readonly positions = new Map<string, number>();
  private readonly text: string;
  private position = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): void {
    this.blank();
    if (this.position === this.text.length) this.fail('the file is empty');
    this.value([]);
    this.blank();
    if (this.position < this.text.length) this.fail(`${this.found()} after the end of the value`);
  }

  private value(path: readonly PropertyKey[]): void {
    if (path.length > MAX_DEPTH) this.fail('nested too deeply');
    const key = formatPath(path);
    if (!this.positions.has(key)) this.positions.set(key, this.position);
    const char = this.text[this.position];
    if (char === '{') this.object(path);
    else if (char === '[') this.array(path);
    else if (char === '"') this.string();
    else if (this.take(NUMBER) === null && !this.literal()) {
      this.fail(`expected a value, found ${this.found()}`);
    }
  }

  private object(path: readonly PropertyKey[]): void {
    const seen = new Set<string>();
    this.members('}', () => {
      if (this.text[this.position] !== '"') {
        this.fail(`expected a key in double quotes, found ${this.found()}`);
      }
      const start = this.position;
      const key = this.string();
      if (seen.has(key)) this.fail(`the key ${JSON.stringify(key)} is repeated`, start);
      seen.add(key);
      this.positions.set(formatPath([...path, key]), start);
      this.blank();
      if (this.text[this.position] !== ':') {
        this.fail(`expected ":" after the key ${JSON.stringify(key)}, found ${this.found()}`);
      }
      this.position += 1;
      this.blank();
      this.value([...path, key]);
    });
  }

  private array(path: readonly PropertyKey[]): void {
    let index = 0;
    this.members(']', () => {
      this.value([...path, index]);
      index += 1;
    });
  }

  /** What stands between brackets, separated by commas, none after the last. */
  private members(close: '}' | ']', member: () => void): void {
    this.position += 1;
    this.blank();
    if (this.text[this.position] === close) {
      this.position += 1;
      return;
    }
    for (;;) {
      member();
      this.blank();
      const char = this.text[this.position];
      if (char !== ',' && char !== close) {
        this.fail(`expected "," or "${close}", found ${this.found()}`);
      }
      const comma = this.position;
      this.position += 1;
      if (char === close) return;
      this.blank();
      if (this.text[this.position] === close) this.fail('a comma after the last entry', comma);
    }
  }

  private string(): string {
    const token = this.take(STRING);
    if (token === null) this.fail('this text in quotes does not end, or has a wrong escape in it');
    return JSON.parse(token) as string;
  }

  private literal(): boolean {
    const word = ['true', 'false', 'null'].find((one) => this.peekWord() === one);
    this.position += word?.length ?? 0;
    return word !== undefined;
  }

  private peekWord(): string | null {
    WORD.lastIndex = this.position;
    return WORD.exec(this.text)?.[0] ?? null;
  }

  private take(pattern: RegExp): string | null {
    pattern.lastIndex = this.position;
    const token = pattern.exec(this.text)?.[0] ?? null;
    this.position += token?.length ?? 0;
    return token;
  }

  private blank(): void {
    this.take(BLANK);
  }

  private found(): string {
    if (this.position >= this.text.length) return 'the end of the file';
    const word = this.peekWord() ?? String.fromCodePoint(this.text.codePointAt(this.position) ?? 0);
    if (/[\p{Cc}\uFFFD]/u.test(word)) return 'a byte that is not readable text';
    if (word.startsWith('/')) return 'a comment or "/", which JSON does not have';
    return `"${word.slice(0, 20)}"`;
  }

  private fail(message: string, position = this.position): never {
    throw new JsonMistake(message, position);
  }
}

function lineAndColumn(text: string, position: number): { line: number; column: number } {
  const before = text.slice(0, position);
  return {
    line: before.split('\n').length,
    column: position - before.lastIndexOf('\n'),
  };
}

/** The position of the path or of the nearest thing around it. */
function nearestKnown(positions: ReadonlyMap<string, number>, path: string): number {
  let known = path;
  while (!positions.has(known) && known !== '') {
    known = known.replace(/(?:\.[\w$]+|\[(?:\d+|"(?:[^"\\]|\\.)*")\]|^[\w$]+)$/, '');
    if (known === path) return 0;
  }
  return positions.get(known) ?? 0;
}
