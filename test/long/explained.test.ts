/**
 * Failures that nobody made by hand: historic rules that a search found and a shrinker made small
 * (`trial zoo`, `npm run bench:shrink`). What `trial explain` names is what made them.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  explained,
  failingAgain,
  findingOf,
  shrunkFailures,
  without,
} from '../support/shrunk-failures.ts';
import { root } from '../tidy/sources.ts';

const failures = shrunkFailures(join(root, 'test/shrunk'));

test('there are twenty of them, of many checks', () => {
  expect(failures.length).toBeGreaterThanOrEqual(20);
  expect(new Set(failures.map((one) => one.finding.check)).size).toBeGreaterThanOrEqual(8);
});

describe.each(failures.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  test('vanishes without the faults that its explanation names, each of them', () => {
    const again = failingAgain(one);
    expect(again, 'fails with no seed any more: shrink another').not.toBeNull();
    const { seed, finding } = again!;

    const { sentences, faults } = explained(one.scenario, seed, finding);

    expect(sentences.length).toBeGreaterThanOrEqual(2);
    expect(sentences.length).toBeLessThanOrEqual(8);
    expect(faults.length).toBeGreaterThan(0);
    expect(findingOf(one, without(one.scenario, faults), seed)).toBeNull();
    const idle = faults.filter(
      (fault) => findingOf(one, without(one.scenario, [fault]), seed) !== null,
    );
    expect(idle).toEqual([]);
  });
});
