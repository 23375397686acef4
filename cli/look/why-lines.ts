/** The causal chain behind an event or a verdict as numbered sentences, from the page's templates. */
import type { Verdict } from '../../sim/check/verdict.ts';
import { count } from '../../sim/run/words.ts';
import type { Finding } from '../../sim/search/finding.ts';
import { explain, namedFaults, type Sentence } from '../../viz/model/why.ts';
import { Page } from '../report/page.ts';
import { shortened } from '../report/shortened.ts';
import type { Colors } from '../terminal.ts';
import { type RunModel, timeAt } from './run-model.ts';

export interface Explanation {
  /** null: why the event itself happened. */
  readonly verdict: Verdict | null;
  readonly event: number;
  readonly sentences: readonly Sentence[];
  /** Events of the faults that the sentences name. */
  readonly faults: readonly number[];
}

/** What was found at the event, else the event itself. */
export function explanationAt(
  run: RunModel,
  event: number,
  verdict: Verdict | null = verdictAt(run, event),
): Explanation {
  const sentences = explain(run.store, run.timeline, event, verdict);
  return { verdict, event, sentences, faults: namedFaults(run.store, sentences) };
}

/** Of several checks that speak at one event the one that is named. */
export function explanationOf(
  run: RunModel,
  { check, at }: Pick<Finding, 'check' | 'at'>,
): Explanation {
  const event = at ?? run.store.count;
  const verdict = run.report.verdicts.find(
    (one) => one.name === check && one.verdict !== 'holds' && (one.at === event || one.at === null),
  );
  return verdict === undefined ? explanationAt(run, event) : explanationAt(run, event, verdict);
}

function verdictAt({ report }: RunModel, event: number): Verdict | null {
  return report.verdicts.find((one) => one.verdict !== 'holds' && one.at === event) ?? null;
}

export interface WhyLook {
  readonly width: number;
  readonly colors: Colors;
  /** Of more, those in the middle are left out. */
  readonly maxSteps: number;
}

export function whyLines(
  run: RunModel,
  { event, sentences }: Explanation,
  look: WhyLook,
): string[] {
  const page = new Page(look.width, look.colors);
  if (sentences.length === 0) {
    page.text(2, `nothing is known of what led to event ${count(event)}`);
    return page.lines;
  }
  shortened(sentences, look.maxSteps).forEach((one, place) => {
    const at = { indent: 2, label: `${place + 1}.`, labelWidth: 2, paint: look.colors.bold };
    page.item(at, one.text);
    const events = one.events.map((cited) => `${count(cited)} (${timeAt(run, cited)})`);
    const rule = one.rule === null ? '' : `  ${one.rule.name}`;
    page.text(6, `event ${events.join(', ')}${rule}`, look.colors.dim);
  });
  return page.lines;
}
