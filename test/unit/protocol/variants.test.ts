import { describe, expect, test } from 'vitest';
import { PROFILES, rulesOfRelease, variantProblem } from '../../../kafka/protocol/choice.ts';
import { rulesOf, TODAY } from '../../../kafka/protocol/rules.ts';
import { type Variant, variantChoice, variants } from '../../../kafka/protocol/variants.ts';
import type { Trace } from '../../../kafka/trace.ts';
import { checkCatalog } from '../../../sim/check/checks.ts';

const SILENT: Trace = { emit: () => undefined };
const table: readonly Variant[] = variants;
const historic = table.flatMap(({ name, options }) =>
  options.filter((one) => one.history !== null).map((one) => ({ name, option: one })),
);

describe('the table of variants', () => {
  test('has today’s rule first, and once', () => {
    for (const { options } of table) {
      expect(options.map((one) => one.history === null)).toEqual(
        options.map((_, index) => index === 0),
      );
    }
  });

  test('names each variant and option once', () => {
    const names = table.map((one) => one.name);
    expect(new Set(names).size).toBe(names.length);
    for (const { options } of table) {
      const own = options.map((one) => one.name);
      expect(new Set(own).size).toBe(own.length);
    }
  });

  test.each(historic)('$name=$option.name breaks checks that exist', ({ option }) => {
    const known = checkCatalog.map((one) => one.name);
    expect(option.history!.breaks.filter((name) => !known.includes(name))).toEqual([]);
    expect(option.history!.breaks.length).toBeGreaterThan(0);
  });

  test.each(historic)('$name=$option.name is built, and is not today’s', ({ name, option }) => {
    const rules = rulesOf(variantChoice({ [name]: option.name }), SILENT);
    const changed = Object.keys(rules).filter(
      (key) => rules[key as keyof typeof rules] !== TODAY[key as keyof typeof TODAY],
    );
    expect(changed).toHaveLength(1);
  });
});

test('where nothing else is chosen all nodes share today’s rules', () => {
  expect(rulesOf({}, SILENT)).toBe(TODAY);
  expect(rulesOf(variantChoice({ truncation: 'by-epoch' }), SILENT)).toBe(TODAY);
});

test('a changed decision is counted and told', () => {
  const told: unknown[][] = [];
  const trace: Trace = { emit: (...event) => void told.push(event) };
  const { shrinkApplied } = rulesOf({ 'shrink-applied': 'with-next-fetch' }, trace);

  shrinkApplied.looksAgain('orders-0');
  shrinkApplied.looksAgain('orders-1');

  const event = ['decision.changed', 'shrink-applied', 'with-next-fetch'];
  expect(told).toEqual([
    [...event, 'orders-0', 1],
    [...event, 'orders-1', 2],
  ]);
});

describe('a release', () => {
  test.each(PROFILES)('%s has rules that exist', (release) => {
    for (const [name, option] of Object.entries(rulesOfRelease(release))) {
      expect(variantProblem(name, option as string)).toBeNull();
    }
  });

  test('had the rule that its time had', () => {
    expect(rulesOfRelease('0.10')['truncation']).toBe('to-high-watermark');
    expect(rulesOfRelease('0.11')['truncation']).toBe('end-offset-only');
    expect(rulesOfRelease('2.0')['truncation']).toBeUndefined();
    expect(rulesOfRelease('0.8')['isr-lag']).toBe('by-count');
    expect(rulesOfRelease('0.11')['dedup-window']).toBe('last-batch');
    expect(rulesOfRelease('3.4')['isr-incarnation']).toBe('any');
    expect(rulesOfRelease('0.11')['group-load']).toBe('first-buffer-stays');
    expect(rulesOfRelease('2.0')['offset-expiry']).toBe('by-commit');
    expect(rulesOfRelease('2.4')['offset-expiry']).toBe('while-rebalancing');
    expect(rulesOfRelease('3.4')['offset-expiry']).toBeUndefined();
  });

  test('4.1 is today', () => {
    expect(rulesOfRelease('4.1')).toEqual({});
  });
});

test('a mistyped name has its nearest', () => {
  expect(variantProblem('trunction', 'x')).toMatchObject({ nearest: 'truncation' });
  expect(variantProblem('truncation', 'to-high-watermak')).toMatchObject({
    nearest: 'to-high-watermark',
  });
});
