/**
 * Reads the text of one configuration value by its declared type and range (Kafka's
 * ConfigDef.parseType and validators), and says in words what a key accepts.
 */
import { unreachable } from '../base/assert.ts';
import type { ConfigKey } from './define.ts';

export type ParsedValue = boolean | number | string | readonly string[] | null;

export type ValueResult =
  | { ok: true; value: ParsedValue; text: string }
  | { ok: false; problem: string };

const INTEGER = /^[+-]?\d+$/;

/** `raw` as typed by the user; surrounding blanks do not count. */
export function readValue(key: ConfigKey<unknown>, raw: string): ValueResult {
  const text = raw.trim();
  switch (key.type) {
    case 'BOOLEAN':
      return readBoolean(text);
    case 'INT':
    case 'LONG':
      return readInteger(key, text);
    case 'LIST':
      return readList(key, text);
    case 'STRING':
    case 'CLASS':
    case 'PASSWORD':
      return readString(key, text);
    default:
      return unreachable(key.type);
  }
}

/** What a key accepts: `true, false`, `1..2147483647`, `delete, compact`, `a string`. */
export function allowedText(key: ConfigKey<unknown>): string {
  if (key.allowed !== null) {
    const also = Object.entries(key.aliases).map(([alias, value]) => `${alias} (= ${value})`);
    const names = [...key.allowed, ...also].join(', ');
    return key.type === 'LIST' ? `a list of: ${names}` : names;
  }
  if (key.type === 'INT' || key.type === 'LONG') return `an integer from ${key.min} to ${key.max}`;
  return key.type === 'LIST' ? 'a comma-separated list' : 'a string';
}

function readBoolean(text: string): ValueResult {
  const lower = text.toLowerCase();
  if (lower !== 'true' && lower !== 'false') return { ok: false, problem: 'is not a boolean' };
  return { ok: true, value: lower === 'true', text: lower };
}

function readInteger(key: ConfigKey<unknown>, text: string): ValueResult {
  if (!INTEGER.test(text)) return { ok: false, problem: 'is not an integer' };
  const exact = canonicalDigits(text);
  const tooSmall = key.min !== null && compareDigits(exact, key.min) < 0;
  const tooLarge = key.max !== null && compareDigits(exact, key.max) > 0;
  if (tooSmall || tooLarge) return { ok: false, problem: 'is out of range' };
  return { ok: true, value: safeNumber(exact), text: exact };
}

/** A safe integer as such; anything beyond as ±Infinity ("no limit" in every comparison). */
function safeNumber(exact: string): number {
  const value = Number(exact);
  if (Number.isSafeInteger(value)) return value;
  return value > 0 ? Number.POSITIVE_INFINITY : Number.NEGATIVE_INFINITY;
}

function canonicalDigits(text: string): string {
  const digits = text.replace(/^[+-]/, '').replace(/^0+(?=\d)/, '');
  return text.startsWith('-') && digits !== '0' ? `-${digits}` : digits;
}

/** Compares two canonical integers of any length. */
function compareDigits(left: string, right: string): number {
  const leftNegative = left.startsWith('-');
  if (leftNegative !== right.startsWith('-')) return leftNegative ? -1 : 1;
  const sign = leftNegative ? -1 : 1;
  if (left.length !== right.length) return sign * (left.length - right.length);
  if (left === right) return 0;
  return left < right ? -sign : sign;
}

function readList(key: ConfigKey<unknown>, text: string): ValueResult {
  const elements = text === '' ? [] : text.split(',').map((element) => element.trim());
  if (elements.includes('')) return { ok: false, problem: 'has an empty element' };
  const wrong = elements.find((element) => key.allowed !== null && !key.allowed.includes(element));
  if (wrong !== undefined) return { ok: false, problem: `has an unknown element ${wrong}` };
  return { ok: true, value: elements, text: elements.join(',') };
}

function readString(key: ConfigKey<unknown>, text: string): ValueResult {
  const canonical = Object.hasOwn(key.aliases, text) ? (key.aliases[text] as string) : text;
  if (key.allowed !== null && !key.allowed.includes(canonical)) {
    return { ok: false, problem: 'is not one of the allowed values' };
  }
  return { ok: true, value: canonical, text: canonical };
}
