/**
 * Zig-zag varints inside records (Kafka: ByteUtils, the protobuf encoding), written and read at a
 * position. Records are the one place where millions of them are handled, so they bypass
 * Reader and Writer; reading is by cursor, bounds-checked by the caller's record end.
 */
import { WireError } from '../base/reader.ts';

const TWO_TO_28 = 0x1000_0000;

export function varintSizeBytes(value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let size = 1;
  while (rest > 0x7f) {
    rest >>>= 7;
    size += 1;
  }
  return size;
}

/** For safe integers. */
export function varlongSizeBytes(value: number): number {
  let rest = value < 0 ? -value - 1 : value;
  let size = 1;
  for (rest = Math.floor(rest / 64); rest > 0; rest = Math.floor(rest / 128)) size += 1;
  return size;
}

/** Returns the position behind it. */
export function putVarint(b: Uint8Array, position: number, value: number): number {
  let rest = ((value << 1) ^ (value >> 31)) >>> 0;
  let at = position;
  while (rest > 0x7f) {
    b[at++] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  b[at++] = rest;
  return at;
}

/** Returns the position behind it; `value` is a safe integer. */
export function putVarlong(b: Uint8Array, position: number, value: number): number {
  if (value >= -0x4000_0000 && value < 0x4000_0000) return putVarint(b, position, value);
  const negative = value < 0;
  let rest = negative ? -value - 1 : value;
  let at = position;
  b[at++] = ((rest % 64) * 2 + (negative ? 1 : 0)) | 0x80;
  rest = Math.floor(rest / 64);
  while (rest > 0x7f) {
    b[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  b[at++] = rest;
  return at;
}

/** Reads varints one after the other; one cursor is reused for many records. */
export class VarintCursor {
  bytes: Uint8Array = new Uint8Array(0);
  position = 0;
  /** Exclusive; reading past it throws `WireError`. */
  end = 0;

  varint(): number {
    const first = this.byte();
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    let value = first & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1);
    }
    throw new WireError('invalid-value', `varint too long before byte ${this.position}`);
  }

  varlong(): number {
    const first = this.byte();
    if (first < 0x80) return (first >>> 1) ^ -(first & 1);
    let low = first & 0x7f;
    let shift = 7;
    for (; shift < 28; shift += 7) {
      const byte = this.byte();
      low |= (byte & 0x7f) << shift;
      if (byte < 0x80) return (low >>> 1) ^ -(low & 1);
    }
    return this.longVarlong(low);
  }

  /** 28 bits are read; the rest does not fit into 32-bit operations. */
  private longVarlong(low: number): number {
    let high = 0;
    let scale = 1;
    for (let count = 4; count < 10; count++) {
      const byte = this.byte();
      high += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte >= 0x80) continue;
      const half = high * (TWO_TO_28 / 2) + (low >>> 1);
      const value = (low & 1) === 1 ? -half - 1 : half;
      if (Number.isSafeInteger(value)) return value;
      throw new WireError('unsafe-int64', `varlong before byte ${this.position} is too large`);
    }
    throw new WireError('invalid-value', `varlong too long before byte ${this.position}`);
  }

  byte(): number {
    const at = this.position;
    if (at >= this.end) throw new WireError('truncated', `record ends before byte ${at}`);
    this.position = at + 1;
    return this.bytes[at] as number;
  }

  /** Moves past `count` bytes and returns where they began. */
  skip(count: number): number {
    const at = this.position;
    if (count < 0) throw new WireError('invalid-length', `length ${count} before byte ${at}`);
    if (count > this.end - at) {
      throw new WireError('truncated', `${count} bytes wanted at byte ${at}`);
    }
    this.position = at + count;
    return at;
  }
}
