/** What had to come out, what did, and the sentence that ends a run. */
import type { ExpectationResult, RunReport } from '../../sim/run/report.ts';
import type { Page } from './page.ts';
import { seconds } from './words.ts';

export function expectationsOn(page: Page, report: RunReport): void {
  const { expectations, problems } = report;
  const { stoppedAtMs } = report.story;
  if (expectations.length > 0) page.heading('Expected');
  const labelWidth = expectations.some((one) => !one.met) ? 'NOT MET'.length : 'met'.length;
  const compared = expectations.filter((one) => one.notCompared === undefined);
  for (const one of compared) {
    const { green, red } = page.colors;
    const at = { indent: 2, label: one.met ? 'met' : 'NOT MET', labelWidth };
    page.item({ ...at, paint: one.met ? green : red }, expectationWords(one));
  }
  leftOutOn(page, expectations);
  for (const problem of problems) {
    page.item({ indent: 2, label: 'PROBLEM', labelWidth: 7, paint: page.colors.red }, problem);
  }
  page.lines.push('');
  if (stoppedAtMs !== null) {
    page.text(0, `Stopped early, at ${seconds(stoppedAtMs)}: expectations were not judged.`);
  } else if (report.met) page.text(0, 'Everything came out as expected.', page.colors.green);
  else page.text(0, 'NOT as expected.', page.colors.red);
}

/** By the reason. */
function leftOutOn(page: Page, expectations: readonly ExpectationResult[]): void {
  const reasons = new Map<string, string[]>();
  for (const { name, notCompared } of expectations) {
    if (notCompared === undefined) continue;
    const names = reasons.get(notCompared);
    if (names === undefined) reasons.set(notCompared, [name]);
    else names.push(name);
  }
  for (const [reason, names] of reasons) {
    page.text(2, `not compared (${reason}): ${names.join(', ')}`, page.colors.dim);
  }
}

function expectationWords({ name, expected, actual, met }: ExpectationResult): string {
  const wanted = wantedWords(expected);
  const found = actual === null ? 'nothing' : String(actual);
  if (met && wanted === found) return `${name} ${found}`;
  return `${name} ${found}, expected ${wanted}`;
}

function wantedWords(expected: unknown): string {
  if (Array.isArray(expected)) return expected.join(' or ');
  if (typeof expected !== 'object' || expected === null) return String(expected);
  const words: Record<string, string> = { atLeast: 'at least', atMost: 'at most', equals: '' };
  return Object.entries(expected)
    .map(([bound, value]) => `${words[bound] ?? bound} ${String(value)}`.trim())
    .join(' and ');
}
