/**
 * How acknowledged records reached a consumer: for each the first poll that gave it. Records that
 * it was never given are no matter of waiting but of loss, which other figures tell.
 */
import { type ClientHistory, Outcome, type PollHistory } from '../check/history/history.ts';
import { percentiles } from './latency.ts';
import type { Latency } from './report.ts';
import { type Attempt, spellsOf, type UnavailableUs } from './unavailable.ts';

export interface Deliveries {
  /** From asking for the send to the poll; null when nothing arrived. */
  readonly latency: Latency | null;
  /** When acknowledged records were waiting and none was given. */
  readonly unavailable: readonly UnavailableUs[];
}

/** @param startUs when the consumer began to poll: what lay there before waits from then on. */
export function deliveriesOf(
  polls: PollHistory,
  history: ClientHistory,
  startUs: number,
): Deliveries {
  const { attempts, durationsUs } = deliveryAttempts(polls, history, startUs);
  return {
    latency: percentiles(Float64Array.from(durationsUs)),
    unavailable: spellsOf(attempts),
  };
}

/** Of each acknowledged record that it was given: since when it was there, and when it came. */
function deliveryAttempts(
  polls: PollHistory,
  history: ClientHistory,
  startUs: number,
): { attempts: Attempt[]; durationsUs: number[] } {
  const seen = new Set<number>();
  const attempts: Attempt[] = [];
  const durationsUs: number[] = [];
  for (let i = 0; i < polls.record.length; i++) {
    const record = polls.record.at(i);
    if (record < 0 || seen.has(record)) continue;
    seen.add(record);
    const sends = history.producerOf(record);
    const row = history.numberOf(record);
    if (row >= sends.count) continue;
    const endUs = polls.timeUs.at(i);
    durationsUs.push(endUs - Math.max(sends.invokedUs.at(row), startUs));
    if (sends.outcome.at(row) !== Outcome.ok) continue;
    const readyUs = Math.max(sends.answeredUs.at(row), startUs);
    attempts.push({ ok: true, invokedUs: Math.min(readyUs, endUs), endUs });
  }
  return { attempts, durationsUs };
}
