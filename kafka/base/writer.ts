/**
 * Writes big-endian wire data into slabs that many small frames share: `begin`, write fields,
 * `finish` returns the bytes, whose ownership passes to the caller. A Writer never touches
 * finished bytes again.
 */
import { assert } from './assert.ts';
import { encodeTextInto, textSizeBytes } from './text.ts';
import { type Uuid, uuidToBytes } from './uuid.ts';

const SLAB_BYTES = 65_536;
/** For a writer of one small piece. */
export const SMALL_SLAB_BYTES = 512;
/** From here on a value is not copied through the slab. */
const LARGE_BYTES = 4_096;
/** A text of at most so many ASCII characters has a compact length of one byte. */
const SHORT_TEXT = 126;
const float64Bytes = new Uint8Array(8);
const float64View = new DataView(float64Bytes.buffer);

export class Writer {
  bytes: Uint8Array;
  position = 0;
  private start = 0;
  /** Large values of the piece, copied once its length is known, and where they go (see `raw`). */
  private readonly large: { value: Uint8Array; at: number }[] = [];
  private largeBytes = 0;
  /** Tagged fields that are open: their content may still move. */
  private openTags = 0;

  /** @param slabBytes of the first slab: little for who writes one small piece. */
  constructor(slabBytes: number = SLAB_BYTES) {
    this.bytes = new Uint8Array(slabBytes);
  }

  /** Begins a new piece of output; an unfinished one is given up. */
  begin(): void {
    this.position = this.start;
    if (this.largeBytes > 0) this.forgetLarge();
    this.openTags = 0;
  }

  /** How many bytes were written since `begin`. */
  get length(): number {
    return this.position - this.start + this.largeBytes;
  }

  /** Ends the piece and hands its bytes over. */
  finish(): Uint8Array {
    if (this.largeBytes > 0) return this.finishLarge();
    const piece = this.bytes.subarray(this.start, this.position);
    this.start = this.position;
    return piece;
  }

  /** Makes room for `count` bytes and returns where they go. */
  reserve(count: number): number {
    const at = this.position;
    if (at + count > this.bytes.length) return this.grow(count);
    this.position = at + count;
    return at;
  }

  /** The piece in bytes of its own, of exactly its size; the slab goes on as it was before. */
  private finishLarge(): Uint8Array {
    const piece = new Uint8Array(this.length);
    let from = this.start;
    let to = 0;
    for (const { value, at } of this.large) {
      piece.set(this.bytes.subarray(from, this.start + at), to);
      to += this.start + at - from;
      piece.set(value, to);
      to += value.length;
      from = this.start + at;
    }
    piece.set(this.bytes.subarray(from, this.position), to);
    this.position = this.start;
    this.forgetLarge();
    return piece;
  }

  private forgetLarge(): void {
    this.large.length = 0;
    this.largeBytes = 0;
  }

  private grow(count: number): number {
    const written = this.position - this.start;
    const wanted = written + count;
    const slab = new Uint8Array(wanted * 2 > SLAB_BYTES ? wanted * 2 : SLAB_BYTES);
    slab.set(this.bytes.subarray(this.start, this.position));
    this.bytes = slab;
    this.start = 0;
    this.position = wanted;
    return written;
  }

  int8(value: number): void {
    const at = this.reserve(1);
    this.bytes[at] = value;
  }
  boolean(value: boolean): void {
    const at = this.reserve(1);
    this.bytes[at] = value ? 1 : 0;
  }
  int16(value: number): void {
    const at = this.reserve(2);
    const b = this.bytes;
    b[at] = value >> 8;
    b[at + 1] = value;
  }
  uint16(value: number): void {
    this.int16(value);
  }
  int32(value: number): void {
    const at = this.reserve(4);
    const b = this.bytes;
    b[at] = value >> 24;
    b[at + 1] = value >> 16;
    b[at + 2] = value >> 8;
    b[at + 3] = value;
  }
  uint32(value: number): void {
    this.int32(value | 0);
  }
  int64(value: number): void {
    let high = value < 0 ? -1 : 0;
    if ((value | 0) !== value) {
      assert(Number.isSafeInteger(value), 'int64 field is not a safe integer');
      high = Math.floor(value / 4_294_967_296);
    }
    const at = this.reserve(8);
    const b = this.bytes;
    b[at] = high >> 24;
    b[at + 1] = high >> 16;
    b[at + 2] = high >> 8;
    b[at + 3] = high;
    b[at + 4] = value >> 24;
    b[at + 5] = value >> 16;
    b[at + 6] = value >> 8;
    b[at + 7] = value;
  }
  float64(value: number): void {
    const at = this.reserve(8);
    float64View.setFloat64(0, value);
    this.bytes.set(float64Bytes, at);
  }
  /**
   * Overwrites four bytes written earlier in this piece, before any large value; `offset` counts
   * from `begin`.
   */
  patchInt32(offset: number, value: number): void {
    const at = this.start + offset;
    const b = this.bytes;
    b[at] = value >> 24;
    b[at + 1] = value >> 16;
    b[at + 2] = value >> 8;
    b[at + 3] = value;
  }

  unsignedVarint(value: number): void {
    let rest = value >>> 0;
    while (rest > 0x7f) {
      const at = this.reserve(1);
      this.bytes[at] = (rest & 0x7f) | 0x80;
      rest >>>= 7;
    }
    const at = this.reserve(1);
    this.bytes[at] = rest;
  }
  varint(value: number): void {
    this.unsignedVarint(((value << 1) ^ (value >> 31)) >>> 0);
  }
  varlong(value: number): void {
    assert(Number.isSafeInteger(value), 'varlong field is not a safe integer');
    const positive = value < 0 ? -value - 1 : value;
    // The zig-zag form is 2 * positive + sign: up to 54 bits, split so that no step rounds.
    let low = (positive % 0x400_0000) * 2 + (value < 0 ? 1 : 0);
    let high = Math.floor(positive / 0x400_0000);
    while (high > 0 || low > 0x7f) {
      const at = this.reserve(1);
      this.bytes[at] = (low & 0x7f) | 0x80;
      low = (low >>> 7) + (high & 0x7f) * 0x10_0000;
      high = Math.floor(high / 128);
    }
    const at = this.reserve(1);
    this.bytes[at] = low;
  }

  uuid(value: Uuid): void {
    const from = uuidToBytes(value);
    const at = this.reserve(16);
    const b = this.bytes;
    for (let i = 0; i < 16; i++) b[at + i] = from[i] as number;
  }

  string(value: string): void {
    const { length } = value;
    const at = this.reserve(2 + length);
    if (length <= SHORT_TEXT && this.ascii(value, at + 2)) {
      this.bytes[at] = 0;
      this.bytes[at + 1] = length;
      return;
    }
    this.position = at;
    const size = textSizeBytes(value);
    assert(size <= 32_767, 'string field longer than 32767 bytes');
    this.int16(size);
    this.text(value, size);
  }
  nullableString(value: string | null): void {
    if (value === null) this.int16(-1);
    else this.string(value);
  }
  compactString(value: string): void {
    const { length } = value;
    const at = this.reserve(1 + length);
    if (length <= SHORT_TEXT && this.ascii(value, at + 1)) {
      this.bytes[at] = length + 1;
      return;
    }
    this.position = at;
    const size = textSizeBytes(value);
    this.unsignedVarint(size + 1);
    this.text(value, size);
  }
  compactNullableString(value: string | null): void {
    if (value === null) this.unsignedVarint(0);
    else this.compactString(value);
  }
  /** Writes the text as ASCII, in one pass; false when it is none, and what is there means nothing. */
  private ascii(value: string, at: number): boolean {
    const { bytes } = this;
    let bits = 0;
    for (let i = 0; i < value.length; i++) {
      const code = value.charCodeAt(i);
      bits |= code;
      bytes[at + i] = code;
    }
    return bits < 0x80;
  }
  private text(value: string, size: number): void {
    const at = this.reserve(size);
    encodeTextInto(value, this.bytes, at);
  }

  /** The value must stay as it is until `finish`. */
  raw(value: Uint8Array): void {
    if (value.length >= LARGE_BYTES && this.openTags === 0) {
      this.large.push({ value, at: this.position - this.start });
      this.largeBytes += value.length;
      return;
    }
    const at = this.reserve(value.length);
    this.bytes.set(value, at);
  }
  byteArray(value: Uint8Array): void {
    this.int32(value.length);
    this.raw(value);
  }
  nullableByteArray(value: Uint8Array | null): void {
    if (value === null) this.int32(-1);
    else this.byteArray(value);
  }
  compactByteArray(value: Uint8Array): void {
    this.unsignedVarint(value.length + 1);
    this.raw(value);
  }
  compactNullableByteArray(value: Uint8Array | null): void {
    if (value === null) this.unsignedVarint(0);
    else this.compactByteArray(value);
  }

  /** -1 writes null. */
  arrayLength(length: number): void {
    this.int32(length);
  }
  compactArrayLength(length: number): void {
    this.unsignedVarint(length + 1);
  }

  /** Begins a tagged field; write its content, then pass the result to `endTag`. */
  beginTag(tag: number): number {
    this.unsignedVarint(tag);
    this.reserve(1);
    this.openTags += 1;
    return this.position - this.start;
  }
  /** Writes the size of the tagged field, moving its content when the size needs more bytes. */
  endTag(contentStart: number): void {
    this.openTags -= 1;
    const size = this.position - this.start - contentStart;
    const sizeBytes =
      size < 0x80 ? 1 : size < 0x4000 ? 2 : size < 0x20_0000 ? 3 : size < 0x1000_0000 ? 4 : 5;
    this.reserve(sizeBytes - 1);
    const from = this.start + contentStart;
    const end = this.position;
    if (sizeBytes > 1) this.bytes.copyWithin(from + sizeBytes - 1, from, from + size);
    this.position = from - 1;
    this.unsignedVarint(size);
    this.position = end;
  }
}
