/**
 * Finds repetitions for the two codecs of the LZ77 family, LZ4 and snappy: greedily, by a hash of
 * four bytes, with a table that knows the last place of each hash. The same input gives the same
 * matches everywhere.
 */

const HASH_BITS = 13;
const MIN_MATCH_BYTES = 4;
/** Both formats write distances of at most 16 bits. */
const MAX_DISTANCE = 65_535;
/** Where nothing repeats, look at every second place, third place, … after so many misses. */
const MISSES_PER_STEP_BITS = 6;

/** Positions + 1 in the present input, 0 where a hash has not been seen. */
const lastSeen = new Int32Array(1 << HASH_BITS);

/**
 * Calls `emit` for each match in `bytes[start, end)`, in order. What lies between the end of one
 * match and the beginning of the next are literals.
 * @param tailBytes the last bytes, which no match may cover; @param lastStart where the last match
 * may begin, as bytes before the end.
 */
export function forEachMatch(
  bytes: Uint8Array,
  range: { start: number; end: number; tailBytes: number; lastStart: number },
  emit: (at: number, distance: number, length: number) => void,
): void {
  const { start } = range;
  const matchEnd = range.end - range.tailBytes;
  const lastStart = range.end - Math.max(range.lastStart, range.tailBytes + MIN_MATCH_BYTES);
  lastSeen.fill(0);
  let at = start;
  let misses = 1 << MISSES_PER_STEP_BITS;
  while (at <= lastStart) {
    const word = wordAt(bytes, at);
    const hash = Math.imul(word, 0x9e3779b1) >>> (32 - HASH_BITS);
    const candidate = (lastSeen[hash] as number) - 1;
    lastSeen[hash] = at + 1;
    const found =
      candidate >= start && at - candidate <= MAX_DISTANCE && wordAt(bytes, candidate) === word;
    if (!found) {
      at += misses >>> MISSES_PER_STEP_BITS;
      misses += 1;
      continue;
    }
    const length = lengthOfMatch(bytes, candidate, at, matchEnd);
    emit(at, at - candidate, length);
    at += length;
    misses = 1 << MISSES_PER_STEP_BITS;
  }
}

function wordAt(bytes: Uint8Array, at: number): number {
  return (
    (bytes[at] as number) |
    ((bytes[at + 1] as number) << 8) |
    ((bytes[at + 2] as number) << 16) |
    ((bytes[at + 3] as number) << 24)
  );
}

function lengthOfMatch(bytes: Uint8Array, from: number, at: number, end: number): number {
  let length = MIN_MATCH_BYTES;
  while (at + length < end && bytes[from + length] === bytes[at + length]) length += 1;
  return length;
}
