/**
 * Cuts a TCP stream into Kafka frames (int32 size, then that many bytes). Chunks may split and
 * join frames in any way. A chunk that holds whole frames is never copied.
 */
import { WireError } from '../base/reader.ts';

const SIZE_BYTES = 4;

export class FrameReader {
  /** The frame that `next` found: `bytes[start, end)`, without its size. */
  bytes: Uint8Array = EMPTY;
  start = 0;
  end = 0;

  private readonly maxFrameBytes: number;
  private chunk: Uint8Array = EMPTY;
  private position = 0;
  /** Size prefix and body of a frame that began in an earlier chunk; grows to the frame's size. */
  private partial: Uint8Array = EMPTY;
  private partialLength = 0;
  private partialWanted = 0;

  constructor(maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Takes the next chunk; the one before must have been used up (`next` returned false). */
  push(chunk: Uint8Array): void {
    this.chunk = chunk;
    this.position = 0;
  }

  /**
   * Finds the next whole frame, or keeps the rest of the chunk for later and returns false.
   * @throws WireError `invalid-length` for a size below 0 or above the limit; close the connection.
   */
  next(): boolean {
    if (this.partialWanted > 0) return this.completePartial();
    const left = this.chunk.length - this.position;
    if (left >= SIZE_BYTES) {
      const size = this.sizeAt(this.chunk, this.position);
      if (left - SIZE_BYTES >= size) {
        this.bytes = this.chunk;
        this.start = this.position + SIZE_BYTES;
        this.end = this.start + size;
        this.position = this.end;
        return true;
      }
      this.beginPartial(SIZE_BYTES + size);
    } else if (left > 0) this.beginPartial(SIZE_BYTES);
    return false;
  }

  private sizeAt(bytes: Uint8Array, at: number): number {
    const size =
      ((bytes[at] as number) << 24) |
      ((bytes[at + 1] as number) << 16) |
      ((bytes[at + 2] as number) << 8) |
      (bytes[at + 3] as number);
    if (size < 0 || size > this.maxFrameBytes) {
      throw new WireError('invalid-length', `frame of ${size} bytes, limit ${this.maxFrameBytes}`);
    }
    return size;
  }

  private beginPartial(wanted: number): void {
    // Grown as bytes arrive: a peer that only claims a large size costs nothing.
    const left = this.chunk.length - this.position;
    this.partial = new Uint8Array(Math.min(wanted, Math.max(2 * left, 1024)));
    this.partialLength = 0;
    this.partialWanted = wanted;
    this.absorb();
  }

  private absorb(): void {
    const count = Math.min(
      this.partialWanted - this.partialLength,
      this.chunk.length - this.position,
    );
    const length = this.partialLength + count;
    if (length > this.partial.length) {
      const grown = new Uint8Array(Math.min(this.partialWanted, Math.max(2 * length, 1024)));
      grown.set(this.partial.subarray(0, this.partialLength));
      this.partial = grown;
    }
    this.partial.set(
      this.chunk.subarray(this.position, this.position + count),
      this.partialLength,
    );
    this.partialLength = length;
    this.position += count;
  }

  private completePartial(): boolean {
    this.absorb();
    if (this.partialLength < this.partialWanted) return false;
    if (this.partialWanted === SIZE_BYTES) {
      const size = this.sizeAt(this.partial, 0);
      this.partialWanted = SIZE_BYTES + size;
      if (size > 0) return this.completePartial();
    }
    this.bytes = this.partial;
    this.start = SIZE_BYTES;
    this.end = this.partialWanted;
    this.partial = EMPTY;
    this.partialLength = 0;
    this.partialWanted = 0;
    return true;
  }
}

const EMPTY = new Uint8Array(0);
