/** A run as the page's model holds it: rows by kind and node, states at every event. */
import type { RunReport } from '../../sim/run/report.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import type { TraceRows } from '../../sim/trace/rows.ts';
import { wordsOf } from '../../viz/model/legend.ts';
import { Timeline } from '../../viz/model/timeline.ts';
import { TraceStore } from '../../viz/model/trace-store.ts';
import { seconds } from '../report/words.ts';

export interface RunModel {
  readonly scenario: Scenario;
  readonly report: RunReport;
  readonly store: TraceStore;
  readonly timeline: Timeline;
}

export function runModel(parts: {
  readonly scenario: Scenario;
  readonly report: RunReport;
  readonly rows: TraceRows;
}): RunModel {
  const { scenario, report, rows } = parts;
  const { seed, digest, traceHash, story } = report;
  const originUs = story.warmUpMs * 1_000;
  const store = TraceStore.of(rows, { scenario, seed, digest, traceHash, report, originUs });
  return { scenario, report, store, timeline: new Timeline(store) };
}

/** Scenario time of an event: `t=12.804 s`. */
export function timeAt({ store, report }: RunModel, event: number): string {
  return `t=${seconds(store.timeUs(event) / 1_000 - report.story.warmUpMs)}`;
}

export function wordsAt({ store }: RunModel, event: number): string {
  return wordsOf(store.at(event), store.nodeNames);
}
