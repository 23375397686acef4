/** A campaign in the XML that continuous integration reads: one test case for each run. */
import type { FailedSeed } from '../../sim/search/campaign.ts';

export interface JunitCase {
  readonly name: string;
  readonly wallMs: number;
  readonly failed: FailedSeed | null;
}

export function junitXml(cases: readonly JunitCase[], suite: string): string {
  const failed = cases.filter((one) => one.failed !== null).length;
  const seconds = cases.reduce((sum, one) => sum + one.wallMs, 0) / 1_000;
  const sums = `tests="${cases.length}" failures="${failed}" time="${seconds.toFixed(3)}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${sums}>`,
    `  <testsuite name="${escaped(suite)}" ${sums}>`,
    ...cases.map((one) => caseXml(one, suite)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function caseXml({ name, wallMs, failed }: JunitCase, suite: string): string {
  const time = (wallMs / 1_000).toFixed(3);
  const head = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}" time="${time}"`;
  if (failed === null) return `${head}/>`;
  const type = escaped(failed.check === '' ? failed.verdict : failed.check);
  const message = escaped(failed.explanation);
  const body = escaped(`${failed.explanation}\ntrial replay ${failed.file}`);
  const inside = `      <failure type="${type}" message="${message}">${body}</failure>`;
  return `${head}>\n${inside}\n    </testcase>`;
}

function escaped(text: string): string {
  return text
    .replace(/[^\P{Cc}\n]/gu, ' ')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
