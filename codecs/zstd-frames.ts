/**
 * The outside of zstd frames (RFC 8878, 3.1.1): their headers and the sizes of their blocks, read
 * before a decoder sees them, so that it allocates for what is there and not for what is claimed.
 */

const MAGIC = 0xfd2fb528;
const SKIPPABLE = 0x184d2a50;
const MAX_BLOCK_BYTES = 131_072;

const RAW = 0;
const RUN_LENGTH = 1;
const COMPRESSED = 2;

/** A descriptor is mantissa and exponent; this one stands for 1 KiB. */
const MIN_WINDOW_BYTES = 1024;

/**
 * @returns frames as they are, or with smaller windows: none is larger than its frame's contents
 * can be. null: broken, torn, with a dictionary, or of possibly more than `maxBytes`.
 */
export function soundFrames(bytes: Uint8Array, maxBytes: number): Uint8Array | null {
  let frames = bytes;
  let left = maxBytes;
  let at = 0;
  if (bytes.length === 0) return null;
  while (at < bytes.length) {
    if (bytes.length - at < 8) return null;
    const magic = wordAt(bytes, at);
    if ((magic & 0xffff_fff0) >>> 0 === SKIPPABLE) {
      at += 8 + wordAt(bytes, at + 4);
      continue;
    }
    const frame = magic === MAGIC ? walk(bytes, at) : null;
    if (frame === null || frame.maxContentBytes > left) return null;
    left -= frame.maxContentBytes;
    if (frame.windowAt !== null) {
      const descriptor = windowDescriptor(frame.maxContentBytes);
      if (descriptor < (bytes[frame.windowAt] as number)) {
        if (frames === bytes) frames = bytes.slice();
        frames[frame.windowAt] = descriptor;
      }
    }
    at = frame.end;
  }
  return at === bytes.length ? frames : null;
}

interface Frame {
  readonly end: number;
  readonly maxContentBytes: number;
  /** Where the window descriptor is; null: the content size stands for it. */
  readonly windowAt: number | null;
}

function walk(bytes: Uint8Array, start: number): Frame | null {
  const flags = bytes[start + 4] as number;
  const isSingleSegment = (flags & 0x20) !== 0;
  if ((flags & 0x0b) !== 0) return null;
  const windowAt = isSingleSegment ? null : start + 5;
  const sizeAt = start + (isSingleSegment ? 5 : 6);
  const sizeCode = flags >> 6;
  const sizeBytes = sizeCode === 0 ? Number(isSingleSegment) : 1 << sizeCode;
  let contentBytes = sizeBytes === 2 ? 256 : 0;
  for (let i = 0; i < sizeBytes; i++) contentBytes += (bytes[sizeAt + i] ?? 0) * 256 ** i;
  let at = sizeAt + sizeBytes;
  let bound = 0;
  for (let isLast = false; !isLast; ) {
    if (bytes.length - at < 3) return null;
    const header = (wordAt(bytes, at) & 0xff_ffff) >>> 0;
    const size = header >> 3;
    const kind = (header >> 1) & 3;
    isLast = (header & 1) !== 0;
    at += 3;
    if (kind > COMPRESSED || size > MAX_BLOCK_BYTES) return null;
    at += kind === RUN_LENGTH ? 1 : size;
    bound += kind === RAW || kind === RUN_LENGTH ? size : MAX_BLOCK_BYTES;
  }
  if ((flags & 0x04) !== 0) at += 4;
  if (at > bytes.length || (sizeBytes > 0 && contentBytes > bound)) return null;
  return { end: at, maxContentBytes: sizeBytes > 0 ? contentBytes : bound, windowAt };
}

/** The smallest without a mantissa that covers so many bytes. */
function windowDescriptor(neededBytes: number): number {
  let exponent = 0;
  while (MIN_WINDOW_BYTES * 2 ** exponent < neededBytes) exponent += 1;
  return exponent << 3;
}

function wordAt(bytes: Uint8Array, at: number): number {
  const byte = (i: number): number => bytes[at + i] ?? 0;
  return (byte(0) | (byte(1) << 8) | (byte(2) << 16) | (byte(3) << 24)) >>> 0;
}
