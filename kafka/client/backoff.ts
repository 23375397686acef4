/**
 * The waiting time before the next try: doubles from an initial value up to a maximum, ±20 %
 * (KIP-580; Kafka: ExponentialBackoff). Used for retries of batches, requests and metadata.
 */
import type { RandomStream } from '../host.ts';

/** @param attempts failed tries so far, less one: 0 gives about `initialMs`. */
export function backoffMs(
  initialMs: number,
  maxMs: number,
  attempts: number,
  random: RandomStream,
): number {
  let term = initialMs;
  if (term === 0) return 0;
  for (let i = 0; i < attempts && term < maxMs; i++) term *= 2;
  if (term > maxMs) term = maxMs;
  const jitter = Math.floor(term / 5);
  if (jitter === 0) return term;
  const drawn = term + random.int(-jitter, jitter);
  return drawn > maxMs ? maxMs : drawn;
}
