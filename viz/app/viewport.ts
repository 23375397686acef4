/** Which stretch of the run is on screen: zoom, pan, reveal. Times in µs, kept inside the run. */
import type { TimeRange } from './state.ts';

/** Nearer than this nothing new is to be seen. */
const SHORTEST_US = 50;

export function clampRange(range: TimeRange, endUs: number): TimeRange {
  const end = Math.max(endUs, 1_000);
  const span = Math.max(SHORTEST_US, Math.min(range.toUs - range.fromUs, end));
  const fromUs = Math.max(0, Math.min(range.fromUs, end - span));
  return { fromUs, toUs: fromUs + span };
}

/** @param factor below 1 zooms in. @param aroundUs stays where it is on screen. */
export function zoomed(range: TimeRange, factor: number, aroundUs: number): TimeRange {
  return {
    fromUs: aroundUs - (aroundUs - range.fromUs) * factor,
    toUs: aroundUs + (range.toUs - aroundUs) * factor,
  };
}

/** @param share of the span, negative to the left. */
export function panned(range: TimeRange, share: number): TimeRange {
  const shift = (range.toUs - range.fromUs) * share;
  return { fromUs: range.fromUs + shift, toUs: range.toUs + shift };
}

/** The same span, moved only if the time is not on screen. */
export function revealed(range: TimeRange, timeUs: number): TimeRange {
  if (timeUs >= range.fromUs && timeUs <= range.toUs) return range;
  const span = range.toUs - range.fromUs;
  const fromUs = timeUs > range.toUs ? timeUs - span * 0.25 : timeUs - span * 0.5;
  return { fromUs, toUs: fromUs + span };
}
