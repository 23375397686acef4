/** Filter text into a tree of terms, or the place where it stops making sense. */
import type { FilterProblem } from '../filter.ts';

export interface FilterTerm {
  readonly kind: 'term';
  /** '' for a bare word: text in the event's sentence. */
  readonly key: string;
  readonly operator: ':' | '<' | '<=' | '>' | '>=';
  readonly value: string;
  /** The value was written as an expression between slashes. */
  readonly isExpression: boolean;
  readonly from: number;
  readonly to: number;
}

export type FilterNode =
  | FilterTerm
  | { readonly kind: 'and' | 'or'; readonly left: FilterNode; readonly right: FilterNode }
  | { readonly kind: 'not'; readonly of: FilterNode };

export type ParsedText =
  | { readonly node: FilterNode | null; readonly problem?: undefined }
  | { readonly problem: FilterProblem; readonly node?: undefined };

type Token =
  | { readonly kind: '(' | ')' | 'and' | 'or' | 'not'; readonly from: number; readonly to: number }
  | FilterTerm;

export function parseFilter(text: string): ParsedText {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; ) {
    if (/\s/.test(text[at] as string)) {
      at += 1;
      continue;
    }
    const token = tokenAt(text, at);
    if ('message' in token) return { problem: token };
    tokens.push(token);
    at = token.to;
  }
  if (tokens.length === 0) return { node: null };
  return new Parser(tokens, text.length).parse();
}

/** Every name there could be, so that one that there is not is refused instead of searched for. */
const TERM = /([a-z][\w.-]*)(:|<=|>=|<|>)/iy;

function tokenAt(text: string, from: number): Token | FilterProblem {
  const sign = text[from] as string;
  if (sign === '(' || sign === ')') return { kind: sign, from, to: from + 1 };
  TERM.lastIndex = from;
  const match = TERM.exec(text);
  const key = match === null ? '' : (match[1] as string).toLowerCase();
  const operator = (match?.[2] ?? ':') as FilterTerm['operator'];
  const valueFrom = match === null ? from : TERM.lastIndex;
  const value = valueAt(text, valueFrom);
  if ('message' in value) return value;
  const { to } = value;
  if (match !== null && value.text === '') {
    return { from, to: Math.max(to, from + 1), message: `${key}${operator} lacks a value` };
  }
  if (match === null && value.isBare) {
    const word = value.text.toLowerCase();
    if (word === 'and' || word === 'or' || word === 'not') return { kind: word, from, to };
  }
  const { text: content, isExpression } = value;
  return { kind: 'term', key, operator, value: content, isExpression, from, to };
}

interface Value {
  readonly text: string;
  readonly isExpression: boolean;
  readonly isBare: boolean;
  readonly to: number;
}

function valueAt(text: string, from: number): Value | FilterProblem {
  const sign = text[from];
  if (sign === '"' || sign === '/') {
    let end = from + 1;
    while (end < text.length && text[end] !== sign) end += text[end] === '\\' ? 2 : 1;
    if (end >= text.length) {
      return { from, to: text.length, message: `the closing ${sign} is missing` };
    }
    const inside = text.slice(from + 1, end);
    const content = sign === '"' ? inside.replace(/\\(.)/g, '$1') : inside;
    return { text: content, isExpression: sign === '/', isBare: false, to: end + 1 };
  }
  let to = from;
  while (to < text.length && !/[\s()]/.test(text[to] as string)) to += 1;
  return { text: text.slice(from, to), isExpression: false, isBare: true, to };
}

class Parser {
  private readonly tokens: readonly Token[];
  private readonly length: number;
  private at = 0;
  private problem: FilterProblem | null = null;

  constructor(tokens: readonly Token[], length: number) {
    this.tokens = tokens;
    this.length = length;
  }

  parse(): ParsedText {
    const node = this.either();
    const left = this.tokens[this.at];
    if (this.problem === null && left !== undefined) {
      this.fail(left, `"${left.kind}" does not belong here`);
    }
    if (this.problem !== null) return { problem: this.problem };
    return { node };
  }

  private either(): FilterNode | null {
    let left = this.both();
    while (left !== null && this.tokens[this.at]?.kind === 'or') {
      this.at += 1;
      const right = this.both();
      left = right === null ? null : { kind: 'or', left, right };
    }
    return left;
  }

  private both(): FilterNode | null {
    let left = this.one();
    while (left !== null) {
      const next = this.tokens[this.at];
      if (next === undefined || next.kind === 'or' || next.kind === ')') return left;
      if (next.kind === 'and') this.at += 1;
      const right = this.one();
      left = right === null ? null : { kind: 'and', left, right };
    }
    return null;
  }

  private one(): FilterNode | null {
    const token = this.tokens[this.at];
    if (token === undefined) return this.fail(null, 'something is missing here');
    this.at += 1;
    if (token.kind === 'term') return token;
    if (token.kind === 'not') {
      const of = this.one();
      return of === null ? null : { kind: 'not', of };
    }
    if (token.kind !== '(') return this.fail(token, `"${token.kind}" does not belong here`);
    const inside = this.either();
    if (inside === null) return null;
    if (this.tokens[this.at]?.kind !== ')') return this.fail(token, 'the closing ) is missing');
    this.at += 1;
    return inside;
  }

  private fail(token: Token | null, message: string): null {
    const { length } = this;
    this.problem ??=
      token === null
        ? { from: Math.max(0, length - 1), to: length, message }
        : { from: token.from, to: token.to, message };
    return null;
  }
}
