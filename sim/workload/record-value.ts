/**
 * Record values that name themselves: `p1-17` padded with dots. Every value of a run is unique,
 * so that checks know each record wherever they meet it: in a log, an answer or a poll.
 */
import { encodeText } from '../../kafka/base/text.ts';

/** Room for the longest producer name and number; shorter `valueBytes` are refused. */
export const MIN_VALUE_BYTES = 16;
const DOT = 46;
const DASH = 45;

const SLAB_BYTES = 65_536;

/** Makes the values of one producer; small ones share memory. */
export class RecordValues {
  private readonly prefix: Uint8Array;
  private readonly valueBytes: number;
  private slab = new Uint8Array(0);
  private used = 0;

  constructor(producer: string, valueBytes: number) {
    this.prefix = encodeText(`${producer}-`);
    this.valueBytes = valueBytes;
  }

  value(number: number): Uint8Array {
    const { prefix, valueBytes } = this;
    if (this.used + valueBytes > this.slab.length) {
      this.slab = new Uint8Array(Math.max(SLAB_BYTES, valueBytes)).fill(DOT);
      this.used = 0;
    }
    const start = this.used;
    this.used = start + valueBytes;
    const value = this.slab.subarray(start, this.used);
    for (let i = 0; i < prefix.length; i++) value[i] = prefix[i] as number;
    this.renumber(value, number);
    return value;
  }

  /** Gives a value of this producer another number, no smaller than the one that it has. */
  renumber(value: Uint8Array, number: number): void {
    const first = this.prefix.length;
    let at = first;
    for (let rest = number; rest >= 10; rest = Math.floor(rest / 10)) at += 1;
    for (let rest = number; at >= first; at -= 1) {
      value[at] = 48 + (rest % 10);
      rest = Math.floor(rest / 10);
    }
  }
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
