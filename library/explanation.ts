/** Why something came about, as numbered sentences in Kafka's terms: the page's own explanation. */
import type { RunReport } from '../sim/run/report.ts';
import type { Scenario } from '../sim/scenario/schema.ts';
import { findingsOf, verdictOn } from '../sim/search/finding.ts';
import type { TraceRows } from '../sim/trace/rows.ts';
import { Timeline } from '../viz/model/timeline.ts';
import { TraceStore } from '../viz/model/trace-store.ts';
import { explain } from '../viz/model/why.ts';

export interface Reason {
  readonly text: string;
  /** The events that it rests on, oldest first. */
  readonly events: readonly number[];
  /** The rule of Kafka's behind it; null: there is none, as with a fault. */
  readonly rule: string | null;
}

/** @param event null: the worst finding, or what was only allowed; none without either. */
export function reasonsFor(
  run: { readonly scenario: Scenario; readonly report: RunReport; readonly rows: TraceRows },
  event: number | null,
): Reason[] {
  const { scenario, report, rows } = run;
  const [finding = null] = findingsOf(report);
  const worst = finding ?? report.verdicts.find((one) => one.verdict === 'allowed') ?? null;
  const at = event ?? worst?.at ?? (worst === null ? null : rows.count);
  if (at === null) return [];
  const { seed, digest, traceHash, story } = report;
  const originUs = story.warmUpMs * 1_000;
  const store = TraceStore.of(rows, { scenario, seed, digest, traceHash, report, originUs });
  const judged = event === null && finding !== null ? verdictOn(report, finding) : null;
  const there = report.verdicts.find((one) => one.verdict !== 'holds' && (one.at ?? at) === at);
  const sentences = explain(store, new Timeline(store), at, judged ?? there ?? null);
  return sentences.map(({ text, events, rule }) => ({ text, events, rule: rule?.name ?? null }));
}
