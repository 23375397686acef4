/** The hash behind key → partition: murmur2 with Kafka's seed (Kafka: Utils.murmur2). */

const SEED = 0x9747b28c | 0;
const MULTIPLIER = 0x5bd1e995;

/** @returns a signed 32-bit hash. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  const wordsEnd = length & ~3;
  let hash = SEED ^ length;
  for (let i = 0; i < wordsEnd; i += 4) {
    let word =
      (bytes[i] as number) |
      ((bytes[i + 1] as number) << 8) |
      ((bytes[i + 2] as number) << 16) |
      ((bytes[i + 3] as number) << 24);
    word = Math.imul(word, MULTIPLIER);
    word ^= word >>> 24;
    word = Math.imul(word, MULTIPLIER);
    hash = Math.imul(hash, MULTIPLIER) ^ word;
  }
  const rest = length & 3;
  if (rest === 3) hash ^= (bytes[wordsEnd + 2] as number) << 16;
  if (rest >= 2) hash ^= (bytes[wordsEnd + 1] as number) << 8;
  if (rest >= 1) {
    hash ^= bytes[wordsEnd] as number;
    hash = Math.imul(hash, MULTIPLIER);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MULTIPLIER);
  return hash ^ (hash >>> 15);
}

export function partitionForKey(key: Uint8Array, partitionCount: number): number {
  return (murmur2(key) & 0x7fffffff) % partitionCount;
}
