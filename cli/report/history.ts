/** What `trial check` says of a history: a verdict for each anomaly, with the lines that show it. */
import type { AnomalyVerdict } from '../../sim/check/history/anomalies/anomaly.ts';
import type { HistoryJudgement } from '../../sim/check/history/judge-history.ts';
import type { OperationHistory } from '../../sim/check/history/recorded/operation-history.ts';
import { count } from '../../sim/run/words.ts';
import type { Colors } from '../terminal.ts';
import { printable } from './columns.ts';
import { Page } from './page.ts';
import type { Case, Failed } from './reporters.ts';
import { counted, latency, quoted, tallied, wallTime } from './words.ts';

export interface JudgedHistory {
  readonly path: string;
  readonly history: OperationHistory;
  readonly judgement: HistoryJudgement;
  readonly wallMs: number;
}

interface HistoryOptions {
  readonly width: number;
  readonly colors: Colors;
  readonly verbose: boolean;
  readonly quiet: boolean;
}

export function historyLines(judged: JudgedHistory, options: HistoryOptions): string[] {
  const { path, judgement } = judged;
  if (options.quiet) return [historyOneLine(judged)];
  const page = new Page(options.width, options.colors);
  page.lines.push(options.colors.bold(printable(path)));
  page.text(2, sizeWords(judgement));
  page.heading('What the clients saw');
  const seen = judgement.anomalies.filter((one) => one.verdict !== 'holds');
  for (const one of seen) anomalyOn(page, one, options);
  const holds = judgement.anomalies.filter((one) => one.verdict === 'holds');
  if (holds.length > 0) holdsOn(page, holds, options);
  factsOn(page, judged);
  page.lines.push('');
  page.item(label('took', page), wallTime(judged.wallMs));
  return page.lines;
}

function label(text: string, page: Page) {
  return { indent: 0, label: text, labelWidth: 4, paint: page.colors.dim };
}

function sizeWords({ operations, processes, keys, sent, polled }: HistoryJudgement): string {
  const { ok, fail, info } = operations;
  const all = `${counted(ok + fail + info, 'operation')} of ${processesWords(processes)}`;
  const ends = `${count(ok)} ok, ${count(fail)} failed, ${count(info)} of unknown end`;
  const records = `${count(sent)} sent and ${count(polled)} polled on ${counted(keys, 'key')}`;
  return `${all}: ${ends} · ${records}`;
}

function processesWords(processes: number): string {
  return processes === 1 ? '1 process' : `${count(processes)} processes`;
}

export function historyOneLine({ path, judgement }: JudgedHistory): string {
  const { verdict, anomalies } = judgement;
  const wrong = anomalies.filter((one) => one.verdict === verdict && verdict !== 'holds');
  const said = { holds: 'ok  ', allowed: 'ok  ', violated: 'FAIL', unknown: '????' }[verdict];
  const what = wrong.map((one) => `${one.name} × ${count(one.violations + one.allowed)}`);
  const why = verdict === 'unknown' ? (wrong[0]?.explanation ?? '') : what.join(', ');
  return `${said} ${printable(path)}  ${why === '' ? 'nothing found' : why}`;
}

/** One case for each anomaly that was looked for. */
export function historyCases({ path, judgement, wallMs }: JudgedHistory): Case[] {
  const { anomalies } = judgement;
  return anomalies.map(({ name, verdict, explanation, cases }) => {
    const isWrong = verdict === 'violated' || verdict === 'unknown';
    const shown = cases.slice(0, CASES_SHOWN).map((one) => one.explanation);
    const message = [explanation, ...shown].join('; ');
    const replay = `trial check ${quoted(path)}`;
    const failed: Failed | null = isWrong ? { kind: verdict, type: name, message, replay } : null;
    return { name, wallMs: wallMs / anomalies.length, failed };
  });
}

const WORDS = { violated: 'VIOLATED', allowed: 'ALLOWED', unknown: 'UNKNOWN', holds: 'holds' };
const LABEL_WIDTH = 8;
const CASES_SHOWN = 3;

function anomalyOn(page: Page, one: AnomalyVerdict, { colors, verbose }: HistoryOptions): void {
  const paint = { violated: colors.red, allowed: colors.yellow, unknown: colors.cyan }[
    one.verdict as 'violated'
  ];
  const number = one.verdict === 'unknown' ? '' : ` × ${count(one.violations + one.allowed)}`;
  const by = one.allowedBy === null ? '' : ` by: ${one.allowedBy}`;
  const at = { indent: 2, label: WORDS[one.verdict], labelWidth: LABEL_WIDTH, paint };
  page.item(at, `${one.name}${number}${by} · ${one.explanation}`);
  const shown = verbose ? one.cases : one.cases.slice(0, CASES_SHOWN);
  for (const { explanation } of shown) page.text(LABEL_WIDTH + 6, explanation);
  const more = one.violations + one.allowed - shown.length;
  if (more > 0) page.text(LABEL_WIDTH + 6, `… ${count(more)} more`, colors.dim);
}

function holdsOn(
  page: Page,
  holds: readonly AnomalyVerdict[],
  { colors, verbose }: HistoryOptions,
): void {
  const at = { indent: 2, label: WORDS.holds, labelWidth: LABEL_WIDTH, paint: colors.green };
  if (!verbose) page.item(at, `no ${holds.map((one) => one.name).join(', ')}`);
  else for (const one of holds) page.item(at, `${one.name} · ${one.explanation}`);
}

function factsOn(page: Page, { judgement, history }: JudgedHistory): void {
  const { unknownCauses, softened, foreignValues, worstRealtimeLag, consumedTwice } =
    judgement.facts;
  const facts: [string, string][] = [];
  if (worstRealtimeLag !== null) {
    const { lagMs, process, key, operation } = worstRealtimeLag;
    const where = `process ${process} on ${key} (line ${history.invokedMark.at(operation)})`;
    facts.push(['stale', `a poll was at least ${latency(lagMs)} behind: ${where}`]);
  }
  if (consumedTwice !== null) {
    const { values, most, process, key, value } = consumedTwice;
    const worst = `process ${process} was given ${value} of ${key} ${most} times`;
    facts.push(['twice', `${counted(values, 'value')} given again while subscribed: ${worst}`]);
  }
  if (Object.keys(unknownCauses).length > 0) facts.push(['unknown', tallied(unknownCauses)]);
  if (softened > 0) {
    const what = `${counted(softened, 'operation')} said to have failed`;
    facts.push(['open', `${what} with an error that leaves it open count as of unknown end`]);
  }
  if (foreignValues > 0) {
    const what = `${counted(foreignValues, 'value')} polled that nobody sent`;
    facts.push(['foreign', `${what}, as far as this history tells`]);
  }
  if (facts.length === 0) return;
  page.heading('Reported, no matter of right or wrong');
  for (const [name, text] of facts) {
    page.item({ indent: 2, label: name, labelWidth: LABEL_WIDTH }, text);
  }
}
