/**
 * Simulated time from left to right: the scale that all panels with time share, its ticks at round
 * scenario times, and how a time is written for the distance between two of them.
 */
import { type ScaleLinear, scaleLinear, tickStep, ticks } from 'd3';

import type { TimeRange } from '../app/state.ts';

export type TimeScale = ScaleLinear<number, number>;

/** From simulated µs to pixels. */
export function timeScale(range: TimeRange, fromX: number, toX: number): TimeScale {
  return scaleLinear([range.fromUs, range.toUs], [fromX, toX]);
}

interface TimeTick {
  readonly timeUs: number;
  readonly label: string;
}

/** About one tick in `spacing` pixels; times count from `originUs`. */
export function timeTicks(scale: TimeScale, originUs: number, spacing = 110): TimeTick[] {
  const [from = 0, to = 1] = scale.domain();
  const [left = 0, right = 1] = scale.range();
  const count = Math.max(2, Math.floor((right - left) / spacing));
  const stepUs = tickStep(from - originUs, to - originUs, count);
  return ticks(from - originUs, to - originUs, count).map((sinceUs) => ({
    timeUs: sinceUs + originUs,
    label: tickWords(sinceUs, stepUs),
  }));
}

/** `12.804 s`, `−3 s`, `840 µs`: with the decimals that steps of `stepUs` need. */
export function tickWords(sinceUs: number, stepUs = 1): string {
  const sign = sinceUs < 0 ? '−' : '';
  const size = Math.abs(sinceUs);
  const decimals = stepUs >= 1e6 ? 0 : Math.min(6, Math.ceil(6 - Math.log10(stepUs) - 1e-9));
  return `${sign}${(size / 1e6).toFixed(decimals)} s`;
}
