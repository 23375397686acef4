/** Percentiles by nearest rank: every figure is a latency that was really seen. */
import { Outcome, type SendHistory } from '../check/history/history.ts';
import type { Latency } from './report.ts';

/** From asking for a send to its success. */
export function latencyOf(history: SendHistory): Latency | null {
  const all = new Float64Array(history.count);
  let count = 0;
  for (let row = 0; row < history.count; row++) {
    if (history.outcome.at(row) !== Outcome.ok) continue;
    all[count++] = history.answeredUs.at(row) - history.invokedUs.at(row);
  }
  return percentiles(all.subarray(0, count));
}

/** Of durations in µs, which are sorted by it; null without any. */
export function percentiles(durationsUs: Float64Array): Latency | null {
  const count = durationsUs.length;
  if (count === 0) return null;
  const sorted = durationsUs.sort();
  const rank = (percent: number): number =>
    (sorted[Math.max(0, Math.ceil((percent * count) / 100) - 1)] as number) / 1_000;
  return { p50: rank(50), p95: rank(95), p99: rank(99), max: rank(100) };
}
