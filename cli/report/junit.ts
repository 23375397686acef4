/** Cases in the XML that continuous integration reads. What broke is an error, no failure. */
import type { Case } from './reporters.ts';

export function junitXml(cases: readonly Case[], suite: string): string {
  const kinds = cases.flatMap(({ failed }) => (failed === null ? [] : [failed.kind]));
  const errors = kinds.filter((kind) => kind === 'broken').length;
  const seconds = cases.reduce((sum, one) => sum + one.wallMs, 0) / 1_000;
  const numbers = `tests="${cases.length}" failures="${kinds.length - errors}" errors="${errors}"`;
  const sums = `${numbers} time="${seconds.toFixed(3)}"`;
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

function caseXml({ name, wallMs, failed }: Case, suite: string): string {
  const time = (wallMs / 1_000).toFixed(3);
  const head = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}" time="${time}"`;
  if (failed === null) return `${head}/>`;
  const type = escaped(failed.type);
  const message = escaped(failed.message);
  const lines = [failed.message, failed.replay].filter((one) => one !== '');
  const tag = failed.kind === 'broken' ? 'error' : 'failure';
  const body = escaped(lines.join('\n'));
  const inside = `      <${tag} type="${type}" message="${message}">${body}</${tag}>`;
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
