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

/** The number in a value, or -1 when it is not one of ours. */
export function recordNumber(value: Uint8Array): number {
  const dash = nameLength(value);
  if (dash < 0) return -1;
  let number = 0;
  for (let i = dash + 1; i < value.length; i++) {
    const digit = (value[i] as number) - 48;
    if (digit < 0 || digit > 9) return i > dash + 1 ? number : -1;
    number = number * 10 + digit;
  }
  return number;
}

/** Where the producer's name ends: the last dash before the number. */
export function nameLength(value: Uint8Array): number {
  let dash = -1;
  for (let i = 0; i < value.length && value[i] !== DOT; i++) if (value[i] === DASH) dash = i;
  return dash;
}

/** True when the value's producer is `name` (ASCII). */
export function isFrom(value: Uint8Array, name: string): boolean {
  if (value[name.length] !== DASH) return false;
  for (let i = 0; i < name.length; i++) if (value[i] !== name.charCodeAt(i)) return false;
  return true;
}
