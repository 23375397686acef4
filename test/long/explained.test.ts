/**
 * Failures that nobody made by hand: historic rules that a search found and a shrinker made small
 * (`trial zoo`, `npm run bench:shrink`). What `trial explain` names is what made them.
 */
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { optionNamed } from '../../kafka/protocol/variants.ts';
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

/** What explanations once said and no run bears out, or what rests on nothing that is told. */
const FALSE: readonly RegExp[] = [
  /ever held it|\bdeleted it\b/,
  /acks=all the answer would have waited/,
  /every replica in sync has what lies below/,
  /^It came from/,
  /asked for it:/,
  /a message brought it/,
  /from (\S+) to \1\b|between (\S+) (?:and|to) \2\b/,
];

describe.each(failures.map((one) => [one.name, one] as const))('%s', (_name, one) => {
  const again = failingAgain(one);
  const told = again === null ? null : explained(one.scenario, again.seed, again.finding);

  test('still fails, and is explained by what its own check finds now', () => {
    expect(again, 'fails with no seed any more: shrink another').not.toBeNull();

    const { check, at } = again!.finding;
    expect([told!.check, told!.event]).toEqual([one.finding.check, at]);
    expect(check).toBe(one.finding.check);
  });

  test('is told with the decision of its historic rule, in Kafka’s terms', () => {
    const [[variant, option] = []] = Object.entries(one.scenario.cluster.variants);
    const by = optionNamed(variant!, option!)!.history!.by[0];

    const decisive = told!.sentences.filter(({ text }) => text.endsWith(`(${variant}=${option})`));

    expect(decisive.length).toBeGreaterThan(0);
    for (const { text, events } of decisive) {
      expect(text).toContain(`, by the rule of before ${by}, `);
      expect(events.some((event) => told!.isDecision(event))).toBe(true);
    }
  });

  test('is told in at most eight sentences, none of them false', () => {
    const { sentences, until } = told!;

    expect(sentences.length).toBeGreaterThanOrEqual(4);
    expect(sentences.length).toBeLessThanOrEqual(8);
    for (const { text, events } of sentences) {
      for (const words of FALSE) expect(text).not.toMatch(words);
      expect(Math.max(...events)).toBeLessThanOrEqual(until);
    }
    const client = one.scenario.workload.find((entry) => 'producer' in entry);
    const acks = client?.config['acks'] ?? 'all';
    const claimed = sentences.flatMap(({ text }) => [...text.matchAll(/\(acks=(\w+)\)/g)]);
    expect(claimed.map((match) => match[1]).filter((said) => said !== acks)).toEqual([]);
  });

  test('ends with what was found, at no lower event than anything that led to it', () => {
    const found = told!.sentences.slice(-2);
    const before = told!.sentences.slice(0, -2).flatMap((sentence) => [...sentence.events]);

    for (const { events } of found) {
      expect(Math.min(...events)).toBeGreaterThanOrEqual(Math.max(...before));
    }
  });

  test('vanishes without any of the faults that its explanation names, and names all it needs', () => {
    const { seed } = again!;
    const { faults } = told!;

    expect(faults.length).toBeGreaterThan(0);
    expect(findingOf(one, without(one.scenario, faults), seed)).toBeNull();
    const needed = one.scenario.faults.flatMap((_, fault) =>
      findingOf(one, without(one.scenario, [fault]), seed) === null ? [fault] : [],
    );
    expect(faults.toSorted((a, b) => a - b)).toEqual(needed);
  });
});
