/** Verdicts: first what went wrong or was only allowed, with its evidence, then what holds. */
import type { Verdict, VerdictKind } from '../../sim/check/verdict.ts';
import type { RunReport } from '../../sim/run/report.ts';
import { count } from '../../sim/run/words.ts';
import type { Page, Paint } from './page.ts';

/** What an event was: `t=4.000 s broker-1 lost power`. */
export type EventWords = (event: number) => string;

const WORDS: Readonly<Record<VerdictKind, string>> = {
  violated: 'FAIL',
  unknown: 'UNKNOWN',
  allowed: 'ALLOWED',
  holds: 'HOLDS',
};
const ORDER: readonly VerdictKind[] = ['violated', 'unknown', 'allowed'];
const LABEL_WIDTH = 7;
const EVIDENCE_SHOWN = 6;

export interface VerdictOptions {
  readonly verbose: boolean;
  readonly eventWords: EventWords;
}

export function verdictsOn(page: Page, report: RunReport, options: VerdictOptions): void {
  page.heading('Verdicts');
  for (const { node, message, event } of report.broken) {
    const at = { indent: 2, label: 'BROKEN', labelWidth: LABEL_WIDTH, paint: page.colors.red };
    page.item(at, `${node} at event ${count(event)}: ${message}`);
  }
  for (const kind of ORDER) {
    for (const one of alike(report.verdicts.filter((verdict) => verdict.verdict === kind))) {
      verdictOn(page, one, { ...options, report });
    }
  }
  const holding = report.verdicts.filter((one) => one.verdict === 'holds');
  if (options.verbose) {
    for (const one of holding) verdictOn(page, one, { ...options, report });
  } else if (holding.length > 0) {
    const label = WORDS.holds;
    const at = { indent: 2, label, labelWidth: LABEL_WIDTH, paint: paintOf(page, 'holds') };
    page.item(at, holding.map((one) => one.name).join(' · '));
  }
}

/** Verdicts that say the same without evidence (a run that never began) become one. */
function alike(verdicts: readonly Verdict[]): Verdict[] {
  const merged: Verdict[] = [];
  for (const verdict of verdicts) {
    const same = merged.findIndex(
      (one) => one.explanation === verdict.explanation && one.at === null && verdict.at === null,
    );
    const known = merged[same];
    if (known === undefined) merged.push(verdict);
    else merged[same] = { ...known, name: `${known.name} · ${verdict.name}` };
  }
  return merged;
}

function verdictOn(
  page: Page,
  verdict: Verdict,
  options: VerdictOptions & { report: RunReport },
): void {
  const { name, verdict: kind, allowedBy, at } = verdict;
  const parts = [name];
  if (allowedBy !== null) parts.push(`by ${allowedBy}`);
  if (at !== null) parts.push(`event ${count(at)} of ${count(options.report.events)}`);
  if (kind === 'violated') parts.push(`seed ${options.report.seed}`);
  const label = WORDS[kind];
  page.item(
    { indent: 2, label, labelWidth: LABEL_WIDTH, paint: paintOf(page, kind) },
    parts.join('  '),
  );
  const indent = LABEL_WIDTH + 4;
  if (verdict.explanation !== '') page.text(indent, verdict.explanation);
  evidenceOn(page, verdict.evidence, options);
}

function evidenceOn(page: Page, evidence: readonly number[], options: VerdictOptions): void {
  if (evidence.length === 0) return;
  const { eventWords: words, verbose } = options;
  const shown = verbose ? evidence : evidence.slice(0, EVIDENCE_SHOWN);
  const parts = shown.map((event) => `${count(event)} ${words(event)}`);
  if (shown.length < evidence.length) parts.push(`${evidence.length - shown.length} more (-v)`);
  const at = { indent: LABEL_WIDTH + 4, label: 'why', labelWidth: 3, paint: page.colors.dim };
  page.item(at, parts.join(' · '));
}

function paintOf({ colors }: Page, kind: VerdictKind): Paint {
  if (kind === 'holds') return colors.green;
  return kind === 'violated' ? colors.red : colors.yellow;
}
