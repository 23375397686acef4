/**
 * Text that a test must reproduce to the letter, kept in a file beside it. With TRIAL_REWRITE=1 in
 * the environment the file is written anew instead of compared; the diff then shows in git.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { expect } from 'vitest';

const CONTEXT_LINES = 3;

export const isRewriting = process.env['TRIAL_REWRITE'] === '1';

export function expectGolden(file: URL, actual: string): void {
  if (isRewriting) {
    writeFileSync(file, actual);
    return;
  }
  const golden = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (golden !== actual) expect.fail(`${file.pathname}\n${difference(golden, actual)}`);
}

/** Where two texts part: a few lines of either from the first that is not the same. */
export function difference(golden: string, actual: string): string {
  const [before, now] = [golden, actual].map((text) => text.split('\n')) as [string[], string[]];
  let first = 0;
  while (first < before.length && before[first] === now[first]) first += 1;
  const shown = (lines: string[], mark: string): string[] =>
    lines.slice(first, first + CONTEXT_LINES).map((line) => `${mark} ${line}`);
  return [
    `differs from line ${first + 1} on; if that is wanted: TRIAL_REWRITE=1 npx vitest run <this test>`,
    ...before.slice(Math.max(0, first - CONTEXT_LINES), first).map((line) => `  ${line}`),
    ...shown(before, '-'),
    ...shown(now, '+'),
  ].join('\n');
}
