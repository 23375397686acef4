/** Durations and moments of simulated time: whole milliseconds, or text such as "2s". */
import { durationMs, MAX_DURATION_MS } from '../sim/scenario/duration.ts';
import { TrialError } from './errors.ts';
import { shownValue } from './known-options.ts';

/** Whole milliseconds, or text such as "500ms", "2s", "1.5s", "1m". */
export type Duration = number | string;

/** @throws TrialError for anything but a duration from 0 to a day. */
export function toMs(duration: Duration, what: string): number {
  const ms = typeof duration === 'string' ? durationMs(duration) : duration;
  if (ms !== null && Number.isInteger(ms) && ms >= 0 && ms <= MAX_DURATION_MS) return ms;
  const allowed = `whole milliseconds from 0 to ${MAX_DURATION_MS}, or text such as "500ms", "2s"`;
  throw new TrialError(`${what}: ${shownValue(duration)} is no duration (allowed: ${allowed})`);
}
