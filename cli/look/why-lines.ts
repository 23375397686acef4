/** The causal chain behind an event or a verdict as numbered sentences, from the page's templates. */
import type { Verdict } from '../../sim/check/verdict.ts';
import { count } from '../../sim/run/words.ts';
import { type Finding, verdictOn } from '../../sim/search/finding.ts';
import { explain, namedFaults, type Sentence } from '../../viz/model/why.ts';
import { Page } from '../report/page.ts';
import { shortened } from '../report/shortened.ts';
import type { Colors } from '../terminal.ts';
import { type RunModel, timeAt } from './run-model.ts';

export interface Explanation {
  /** null: why the event itself happened, or what no check has found. */
  readonly verdict: Verdict | null;
  /** What is explained of what is wrong with the run; null: it was asked for an event. */
  readonly finding: Finding | null;
  readonly event: number;
  readonly sentences: readonly Sentence[];
  /** Events of the faults that the sentences name. */
  readonly faults: readonly number[];
}

/** What was found at the event, else the event itself. */
export function explanationAt(run: RunModel, event: number): Explanation {
  return explanation(run, event, { verdict: verdictAt(run, event), finding: null });
}

/** Of several checks that speak at one event the one that is named. */
export function explanationOf(run: RunModel, finding: Finding): Explanation {
  const { report, store } = run;
  const { at } = finding;
  const verdict = verdictOn(report, finding);
  // Of a check that calls something allowed another place may be meant.
  const isIt = verdict !== null && (verdict.at === at || verdict.at === null || at === null);
  if (isIt) return explanation(run, at ?? verdict.at ?? store.count, { verdict, finding });
  if (at !== null && at > 0) return explanation(run, at, { verdict: verdictAt(run, at), finding });
  const nothing = { sentences: [], faults: [] };
  return { verdict: null, finding, event: store.count, ...nothing };
}

function explanation(
  { store, timeline }: RunModel,
  event: number,
  of: Pick<Explanation, 'verdict' | 'finding'>,
): Explanation {
  const sentences = explain(store, timeline, event, of.verdict);
  return { ...of, event, sentences, faults: namedFaults(store, sentences) };
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
  { event, sentences, finding }: Explanation,
  look: WhyLook,
): string[] {
  const page = new Page(look.width, look.colors);
  if (sentences.length === 0) {
    const isOfNone = finding !== null && finding.at === null;
    const what = isOfNone
      ? 'no event stands behind it'
      : `nothing is known of what led to event ${count(event)}`;
    page.text(2, what);
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
