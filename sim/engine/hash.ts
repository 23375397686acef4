/**
 * A running 128-bit hash in four 32-bit lanes, murmur-style: every step is a bijection of its
 * lane and of each word that it takes, so one changed word always changes the result, and lanes
 * mix after every record. Not cryptographic. The same on every platform: bytes are taken as little-endian words.
 */
const K0 = 0x85ebca6b | 0;
const K1 = 0xc2b2ae35 | 0;
const K2 = 0x27d4eb2f | 0;
const K3 = 0x165667b1 | 0;
const STEP = 0x9e3779b9 | 0;
const TWO_32 = 4_294_967_296;
/** Shorter pieces are put together byte by byte. */
const COPY_FROM_BYTES = 48;
/** Longer ones are read where they are: they are worth a view of their buffer. */
const SCRATCH_BYTES = 1_024;

const scratchBytes = new Uint8Array(SCRATCH_BYTES);
const scratchView = new DataView(scratchBytes.buffer);
let view: DataView = scratchView;

export class Hash128 {
  /** The state; an Int32Array, so that no lane is ever boxed. */
  readonly lanes = Int32Array.of(0x243f6a88, 0x85a308d3 | 0, 0x13198a2e, 0x03707344);

  /** One record of four safe integers, the first an int32. */
  add(w: number, x: number, y: number, z: number): void {
    const xl = x | 0;
    const yl = y | 0;
    const zl = z | 0;
    if (xl !== x || yl !== y || zl !== z) {
      this.add((x / TWO_32) | 0, (y / TWO_32) | 0, (z / TWO_32) | 0, 1);
    }
    const lanes = this.lanes;
    let a = Math.imul((lanes[0] as number) ^ w, K0);
    let b = Math.imul((lanes[1] as number) ^ xl, K1);
    let c = Math.imul((lanes[2] as number) ^ yl, K2);
    let d = Math.imul((lanes[3] as number) ^ zl, K3);
    a = (((a << 13) | (a >>> 19)) + STEP) | 0;
    b = (((b << 15) | (b >>> 17)) + a) | 0;
    c = (((c << 17) | (c >>> 15)) + b) | 0;
    d = (((d << 11) | (d >>> 21)) + c) | 0;
    lanes[0] = a ^ (d >>> 7);
    lanes[1] = b;
    lanes[2] = c;
    lanes[3] = d;
  }

  addBytes(bytes: Uint8Array): void {
    const length = bytes.length;
    if (length < COPY_FROM_BYTES) this.addSmall(bytes);
    else if (length <= SCRATCH_BYTES) {
      scratchBytes.set(bytes);
      this.addWords(scratchView, 0, length);
    } else {
      if (view.buffer !== bytes.buffer) view = new DataView(bytes.buffer);
      this.addWords(view, bytes.byteOffset, length);
    }
  }

  addText(text: string): void {
    const length = text.length;
    for (let i = 0; i < length; i += 4) {
      const z = i + 3 < length ? text.charCodeAt(i + 3) : 0;
      const y = i + 2 < length ? text.charCodeAt(i + 2) : 0;
      const x = i + 1 < length ? text.charCodeAt(i + 1) : 0;
      this.add((text.charCodeAt(i) << 8) | 1, x, y, z);
    }
    this.add(length, 0, 0, 0);
  }

  /** One multiplication takes two words of a lane: multiplications bound the speed here. */
  private addWords(from: DataView, start: number, length: number): void {
    const lanes = this.lanes;
    let a = lanes[0] as number;
    let b = lanes[1] as number;
    let c = lanes[2] as number;
    let d = lanes[3] as number;
    const end = start + (length & ~31);
    for (let at = start; at < end; at += 32) {
      a = (Math.imul(a ^ from.getInt32(at, true), K0) + from.getInt32(at + 16, true)) | 0;
      b = (Math.imul(b ^ from.getInt32(at + 4, true), K1) + from.getInt32(at + 20, true)) | 0;
      c = (Math.imul(c ^ from.getInt32(at + 8, true), K2) + from.getInt32(at + 24, true)) | 0;
      d = (Math.imul(d ^ from.getInt32(at + 12, true), K3) + from.getInt32(at + 28, true)) | 0;
      a = (a << 13) | (a >>> 19);
      b = (b << 15) | (b >>> 17);
      c = (c << 17) | (c >>> 15);
      d = (d << 11) | (d >>> 21);
    }
    lanes[0] = a;
    lanes[1] = b;
    lanes[2] = c;
    lanes[3] = d;
    for (let rest = length & 31, at = end; rest > 0; rest -= 16, at += 16) {
      this.add(
        wordAt(from, at, rest),
        wordAt(from, at + 4, rest - 4),
        wordAt(from, at + 8, rest - 8),
        wordAt(from, at + 12, rest - 12),
      );
    }
    this.add(length, 0, 0, 0);
  }

  private addSmall(bytes: Uint8Array): void {
    const length = bytes.length;
    const lanes = this.lanes;
    let i = 0;
    let lane = 0;
    for (; i + 4 <= length; i += 4) {
      const word =
        (bytes[i] as number) |
        ((bytes[i + 1] as number) << 8) |
        ((bytes[i + 2] as number) << 16) |
        ((bytes[i + 3] as number) << 24);
      const mixed = Math.imul((lanes[lane] as number) ^ word, K0);
      lanes[lane] = (mixed << 13) | (mixed >>> 19);
      lane = (lane + 1) & 3;
    }
    let rest = 0;
    for (let shift = 0; i < length; i++, shift += 8) rest |= (bytes[i] as number) << shift;
    this.add(length, rest, 0, 0);
  }

  /** 32 hex digits of everything so far; the running state is left alone. */
  hex(): string {
    let text = '';
    for (const word of this.finished()) text += word.toString(16).padStart(8, '0');
    return text;
  }

  /** The same as four unsigned words. */
  finished(): [number, number, number, number] {
    const end = new Hash128();
    end.lanes.set(this.lanes);
    for (let round = 0; round < 4; round++) end.add(round, 0, 0, 0);
    const [a, b, c, d] = end.lanes;
    return [
      avalanche(a as number),
      avalanche(b as number),
      avalanche(c as number),
      avalanche(d as number),
    ];
  }
}

/** The next at most four of `left` bytes, as a word; 0 when none are left. */
function wordAt(from: DataView, at: number, left: number): number {
  if (left >= 4) return from.getInt32(at, true);
  let word = 0;
  for (let i = 0; i < left; i++) word |= from.getUint8(at + i) << (8 * i);
  return word;
}

function avalanche(word: number): number {
  let h = word;
  h = Math.imul(h ^ (h >>> 16), K0);
  h = Math.imul(h ^ (h >>> 13), K1);
  return (h ^ (h >>> 16)) >>> 0;
}
