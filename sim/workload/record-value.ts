/**
 * Record values that name themselves: `p1-17` padded with dots. Every value of a run is unique,
 * so that checks know each record wherever they meet it: in a log, an answer or a poll.
 */
import { encodeTextInto } from '../../kafka/base/text.ts';

/** Room for the longest producer name and number; shorter `valueBytes` are refused. */
export const MIN_VALUE_BYTES = 16;
const DOT = 46;
const DASH = 45;

export function recordValue(producer: string, number: number, valueBytes: number): Uint8Array {
  const value = new Uint8Array(valueBytes);
  const end = encodeTextInto(`${producer}-${number}`, value, 0);
  value.fill(DOT, end);
  return value;
}

/** Where the producer's name ends: at the last dash before the padding; -1 when there is none. */
export function nameLength(value: Uint8Array): number {
  let dash = -1;
  for (let i = 0; i < value.length && value[i] !== DOT; i++) if (value[i] === DASH) dash = i;
  return dash;
}

/** The number after the name, or -1 when this is not one of our values. */
export function numberAfter(value: Uint8Array, nameEnd: number): number {
  let number = 0;
  let digits = 0;
  for (let i = nameEnd + 1; i < value.length && value[i] !== DOT; i++) {
    const digit = (value[i] as number) - 48;
    if (digit < 0 || digit > 9) return -1;
    number = number * 10 + digit;
    digits += 1;
  }
  return digits === 0 ? -1 : number;
}

/** True when the value begins with `name` (ASCII) and its name ends there. */
export function hasName(value: Uint8Array, nameEnd: number, name: string): boolean {
  if (nameEnd !== name.length) return false;
  for (let i = 0; i < nameEnd; i++) if (value[i] !== name.charCodeAt(i)) return false;
  return true;
}
