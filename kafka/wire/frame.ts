/**
 * Cuts a TCP stream into frames: an int32 size, then that many bytes. Chunks may split anywhere and
 * hold many frames. A frame that lies whole in a chunk is handed out as a range of that chunk;
 * only frames that chunks cut are put together in a buffer of their own.
 */
import { WireError } from '../base/reader.ts';
import type { Writer } from '../base/writer.ts';

const NO_BYTES = new Uint8Array(0);
const SIZE_BYTES = 4;
/** What is set aside for a cut frame at first: a size alone must not claim memory. */
const FIRST_BUFFER_BYTES = 65_536;

export class FrameReader {
  /** The frame that `next` found: `bytes` from `start` to `end`, without its size field. */
  bytes: Uint8Array = NO_BYTES;
  start = 0;
  end = 0;

  /** May change between two frames. */
  maxFrameBytes: number;
  private chunk: Uint8Array = NO_BYTES;
  private position = 0;
  /** A frame that began in an earlier chunk, its size field included; `partBytes` are filled. */
  private part: Uint8Array = NO_BYTES;
  private partBytes = 0;
  /** The size of that frame with its size field; below 4 bytes it is not known yet: 0. */
  private partTotal = 0;

  constructor(maxFrameBytes: number) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /** Bytes of an unfinished frame that are waiting for the rest. */
  get pendingBytes(): number {
    return this.partBytes + (this.chunk.length - this.position);
  }

  /** Takes the next chunk of the stream. It must not be written to until its frames are done. */
  push(chunk: Uint8Array): void {
    const rest = this.chunk.length - this.position;
    this.chunk = rest > 0 ? this.joined(rest, chunk) : chunk;
    this.position = 0;
  }

  /** What the caller of `next` left behind, and the new chunk. */
  private joined(rest: number, chunk: Uint8Array): Uint8Array {
    const both = new Uint8Array(rest + chunk.length);
    both.set(this.chunk.subarray(this.position));
    both.set(chunk, rest);
    return both;
  }

  /**
   * Finds the next whole frame. A negative size, or one above the limit, is a `WireError` of kind
   * 'invalid-length': the stream cannot be read further.
   */
  next(): boolean {
    if (this.partBytes > 0) return this.completePart();
    const at = this.position;
    const left = this.chunk.length - at;
    if (left >= SIZE_BYTES) {
      const size = this.checkedSize(this.chunk, at);
      if (left - SIZE_BYTES >= size) {
        this.bytes = this.chunk;
        this.start = at + SIZE_BYTES;
        this.end = this.start + size;
        this.position = this.end;
        return true;
      }
    }
    if (left > 0) this.stash(left);
    this.chunk = NO_BYTES;
    this.position = 0;
    return false;
  }

  /** Moves the rest of the chunk, which ends inside a frame, to the part. */
  private stash(left: number): void {
    const at = this.position;
    this.partTotal = left >= SIZE_BYTES ? this.checkedSize(this.chunk, at) + SIZE_BYTES : 0;
    const room = Math.min(Math.max(this.partTotal, SIZE_BYTES), FIRST_BUFFER_BYTES);
    this.part = new Uint8Array(Math.max(left, room));
    this.part.set(this.chunk.subarray(at));
    this.partBytes = left;
  }

  private completePart(): boolean {
    if (this.partTotal === 0) {
      if (!this.fillPart(SIZE_BYTES)) return false;
      this.partTotal = this.checkedSize(this.part, 0) + SIZE_BYTES;
    }
    if (!this.fillPart(this.partTotal)) return false;
    this.bytes = this.part;
    this.start = SIZE_BYTES;
    this.end = this.partTotal;
    this.part = NO_BYTES;
    this.partBytes = 0;
    this.partTotal = 0;
    return true;
  }

  /**
   * Copies from the chunk until the part holds `wanted` bytes; false when the chunk ends before.
   */
  private fillPart(wanted: number): boolean {
    const missing = wanted - this.partBytes;
    if (missing <= 0) return true;
    const left = this.chunk.length - this.position;
    const count = left < missing ? left : missing;
    const filled = this.partBytes + count;
    if (filled > this.part.length) this.growPart(filled, wanted);
    this.part.set(this.chunk.subarray(this.position, this.position + count), this.partBytes);
    this.partBytes = filled;
    this.position += count;
    if (this.position === this.chunk.length) {
      this.chunk = NO_BYTES;
      this.position = 0;
    }
    return count === missing;
  }

  /** Doubles, so that many small chunks cost a constant number of copies per byte. */
  private growPart(needed: number, wanted: number): void {
    const doubled = Math.max(needed, this.part.length * 2);
    const grown = new Uint8Array(Math.min(doubled, Math.max(wanted, needed)));
    grown.set(this.part.subarray(0, this.partBytes));
    this.part = grown;
  }

  private checkedSize(bytes: Uint8Array, at: number): number {
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
}

/** Begins a frame in `w`; write header and body, then call `finishFrame`. */
export function beginFrame(w: Writer): void {
  w.begin();
  w.int32(0);
}

/** Fills in the size and hands the whole frame over. */
export function finishFrame(w: Writer): Uint8Array {
  w.patchInt32(0, w.length - SIZE_BYTES);
  return w.finish();
}
