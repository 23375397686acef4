/** A growing buffer with a limit: what comes out of a decompressor whose end nobody has told. */
export class Sink {
  /** The bytes so far are the first `length` of these. */
  bytes: Uint8Array;
  length = 0;
  private readonly maxBytes: number;

  constructor(maxBytes: number, expectedBytes: number) {
    this.maxBytes = maxBytes;
    this.bytes = new Uint8Array(Math.min(maxBytes, Math.max(1024, expectedBytes)));
  }

  /** Makes room for `count` more; false: that would be beyond the limit. */
  reserve(count: number): boolean {
    const needed = this.length + count;
    if (needed > this.maxBytes) return false;
    if (needed <= this.bytes.length) return true;
    const grown = new Uint8Array(Math.min(this.maxBytes, Math.max(needed, this.bytes.length * 2)));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes = grown;
    return true;
  }

  /** false: that would be beyond the limit, and nothing was added. */
  push(bytes: Uint8Array): boolean {
    if (!this.reserve(bytes.length)) return false;
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
    return true;
  }

  /**
   * Repeats `count` bytes from `distance` before the end; they may overlap what they make.
   * @returns false when that lies before `windowStart`, or beyond the limit.
   */
  copyBack(distance: number, count: number, windowStart: number): boolean {
    const from = this.length - distance;
    if (distance === 0 || from < windowStart || !this.reserve(count)) return false;
    const { bytes, length } = this;
    if (distance >= count) bytes.copyWithin(length, from, from + count);
    else for (let i = 0; i < count; i++) bytes[length + i] = bytes[from + i] as number;
    this.length = length + count;
    return true;
  }

  take(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }
}
