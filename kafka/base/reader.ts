/**
 * Reads big-endian wire data from a byte range. Every read is bounds-checked and fails with a
 * typed `WireError`: bytes come from outside and are never trusted. One Reader is reused for
 * many frames (`reset`). Shapes follow Kafka's protocol guide (primitive types).
 */
import { decodeText } from './text.ts';
import { type Uuid, uuidFromBytes } from './uuid.ts';

export type WireErrorKind =
  | 'truncated' // the bytes end inside a field
  | 'invalid-length' // a length below -1, null where it is not allowed, or beyond the frame
  | 'invalid-value' // a value that its field cannot have
  | 'unsafe-int64' // an int64 beyond ±(2^53 - 1)
  | 'unsupported-version'
  | 'trailing-bytes';

export class WireError extends Error {
  override readonly name = 'WireError';
  constructor(kind: WireErrorKind, message: string) {
    super(message);
    this.kind = kind;
  }
  readonly kind: WireErrorKind;
}

const float64Bytes = new Uint8Array(8);
const float64View = new DataView(float64Bytes.buffer);

export class Reader {
  bytes: Uint8Array;
  position: number;
  /** Exclusive: reads may not pass it. */
  end: number;

  constructor(bytes: Uint8Array, position = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  reset(bytes: Uint8Array, position = 0, end = bytes.length): void {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
  }

  get remaining(): number {
    return this.end - this.position;
  }

  /** Moves past `count` bytes and returns where they began. */
  take(count: number): number {
    const at = this.position;
    if (count < 0) throw new WireError('invalid-length', `length ${count} at byte ${at}`);
    if (count > this.end - at) {
      throw new WireError(
        'truncated',
        `${count} bytes wanted at byte ${at}, ${this.remaining} left`,
      );
    }
    this.position = at + count;
    return at;
  }

  int8(): number {
    return ((this.bytes[this.take(1)] as number) << 24) >> 24;
  }
  boolean(): boolean {
    return this.bytes[this.take(1)] !== 0;
  }
  int16(): number {
    const at = this.take(2);
    const b = this.bytes;
    return (((b[at] as number) << 24) | ((b[at + 1] as number) << 16)) >> 16;
  }
  uint16(): number {
    const at = this.take(2);
    return ((this.bytes[at] as number) << 8) | (this.bytes[at + 1] as number);
  }
  int32(): number {
    return this.int32At(this.take(4));
  }
  private int32At(at: number): number {
    const b = this.bytes;
    return (
      ((b[at] as number) << 24) |
      ((b[at + 1] as number) << 16) |
      ((b[at + 2] as number) << 8) |
      (b[at + 3] as number)
    );
  }
  uint32(): number {
    return this.int32() >>> 0;
  }
  /** An int64 as a number; a value that a number cannot hold exactly is a typed error. */
  int64(): number {
    const at = this.take(8);
    const high = this.int32At(at);
    const low = this.int32At(at + 4) >>> 0;
    if (high === 0) return low;
    const value = high * 4_294_967_296 + low;
    if (high >= 0x20_0000 || high < -0x20_0000 || value === Number.MIN_SAFE_INTEGER - 1) {
      throw new WireError(
        'unsafe-int64',
        `int64 ${(BigInt(high) << 32n) + BigInt(low)} is too large`,
      );
    }
    return value;
  }
  float64(): number {
    const at = this.take(8);
    for (let i = 0; i < 8; i++) float64Bytes[i] = this.bytes[at + i] as number;
    return float64View.getFloat64(0);
  }

  /** An unsigned varint of at most 5 bytes (flexible lengths and tags). */
  unsignedVarint(): number {
    const first = this.bytes[this.take(1)] as number;
    if (first < 0x80) return first;
    let value = first & 0x7f;
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.bytes[this.take(1)] as number;
      if (shift === 28 && byte > 0x0f) break;
      value = (value | ((byte & 0x7f) << shift)) >>> 0;
      if (byte < 0x80) return value;
    }
    throw new WireError('invalid-value', `varint longer than 5 bytes before byte ${this.position}`);
  }
  /** A zig-zag varint (record fields). */
  varint(): number {
    const value = this.unsignedVarint();
    return (value >>> 1) ^ -(value & 1);
  }
  /** A zig-zag varint of up to 10 bytes whose value must be a safe integer. */
  varlong(): number {
    let low = 0;
    let high = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.bytes[this.take(1)] as number;
      const part = byte & 0x7f;
      if (i < 4) low |= part << (7 * i);
      else if (i === 4) {
        low = (low | (part << 28)) >>> 0;
        high = part >> 4;
      } else high += part * 2 ** (7 * i - 32);
      if (byte < 0x80) return this.unzigzag(high, low >>> 0);
    }
    throw new WireError(
      'invalid-value',
      `varlong longer than 10 bytes before byte ${this.position}`,
    );
  }
  private unzigzag(high: number, low: number): number {
    const half = Math.floor(high / 2) * 4_294_967_296 + (high % 2) * 2_147_483_648 + (low >>> 1);
    const value = (low & 1) === 1 ? -half - 1 : half;
    if (!Number.isSafeInteger(value)) {
      throw new WireError('unsafe-int64', `varlong before byte ${this.position} is too large`);
    }
    return value;
  }

  uuid(): Uuid {
    return uuidFromBytes(this.bytes, this.take(16));
  }

  string(): string {
    const length = this.int16();
    return decodeText(this.bytes, this.take(length), length);
  }
  nullableString(): string | null {
    const length = this.int16();
    if (length === -1) return null;
    return decodeText(this.bytes, this.take(length), length);
  }
  compactString(): string {
    const length = this.unsignedVarint() - 1;
    return decodeText(this.bytes, this.take(length), length);
  }
  compactNullableString(): string | null {
    const length = this.unsignedVarint() - 1;
    if (length === -1) return null;
    return decodeText(this.bytes, this.take(length), length);
  }

  /** A view of the next `length` bytes, not a copy. */
  view(length: number): Uint8Array {
    const at = this.take(length);
    return this.bytes.subarray(at, at + length);
  }
  byteArray(): Uint8Array {
    return this.view(this.int32());
  }
  nullableByteArray(): Uint8Array | null {
    const length = this.int32();
    return length === -1 ? null : this.view(length);
  }
  compactByteArray(): Uint8Array {
    return this.view(this.unsignedVarint() - 1);
  }
  compactNullableByteArray(): Uint8Array | null {
    const length = this.unsignedVarint() - 1;
    return length === -1 ? null : this.view(length);
  }

  /**
   * The element count of an array, -1 for null. A count that could not fit into the remaining
   * bytes (`elementMinBytes` each) is refused here, before anything is allocated for it.
   */
  arrayLength(elementMinBytes: number): number {
    return this.checkedLength(this.int32(), elementMinBytes);
  }
  compactArrayLength(elementMinBytes: number): number {
    return this.checkedLength(this.unsignedVarint() - 1, elementMinBytes);
  }
  private checkedLength(length: number, elementMinBytes: number): number {
    if (length < -1 || length * Math.max(1, elementMinBytes) > this.remaining) {
      throw new WireError('invalid-length', `array of ${length} before byte ${this.position}`);
    }
    return length;
  }

  /** Skips a tag section whose tags this reader does not know. */
  skipTags(): void {
    const count = this.unsignedVarint();
    for (let i = 0; i < count; i++) {
      this.unsignedVarint();
      this.take(this.unsignedVarint());
    }
  }
}
