import { describe, expect, test } from 'vitest';
import { isMet } from '../../../../sim/run/expectations.ts';
import { isNameProblem, parseExpectationName } from '../../../../sim/scenario/expectation-name.ts';

describe('an expectation is met', () => {
  test.each([
    ['holds', 'holds', true],
    ['holds', 'unknown', false],
    [['holds', 'allowed'], 'allowed', true],
    [['holds', 'allowed'], 'violated', false],
    [0, 0, true],
    [0, 1, false],
    [{ atLeast: 1 }, 1, true],
    [{ atLeast: 1 }, 0, false],
    [{ atLeast: 1, atMost: 3 }, 4, false],
    [{ equals: 2 }, 2, true],
    [{ equals: true }, true, true],
    [{ equals: true }, false, false],
    [true, false, false],
    [{ atMost: 5 }, null, false],
    [0, null, false],
  ])('%j by %j: %j', (expected, actual, met) => {
    expect(isMet(expected as Parameters<typeof isMet>[0], actual)).toBe(met);
  });
});

describe('the name of an expectation', () => {
  test('may be a check, a number of the report or a measure of events', () => {
    expect(parseExpectationName('acked-durable')).toEqual({
      kind: 'check',
      check: 'acked-durable',
    });
    expect(parseExpectationName('counts.sent')).toEqual({
      kind: 'report',
      path: ['counts', 'sent'],
    });
    expect(parseExpectationName('events.leader.elected.count')).toEqual({
      kind: 'events',
      event: 'leader.elected',
      filters: [],
      measure: { kind: 'count' },
    });
  });

  test('may filter events by fields, and a list inside a value stays one value', () => {
    const parsed = parseExpectationName(
      'events.isr.changed[isr=1,2,partition=orders-0].afterFault.cut-off',
    );

    expect(parsed).toEqual({
      kind: 'events',
      event: 'isr.changed',
      filters: [
        ['isr', '1,2'],
        ['partition', 'orders-0'],
      ],
      measure: { kind: 'afterFault', fault: 'cut-off' },
    });
  });

  test.each(['events.', 'events.nothing.count', 'events.leader.elected.sum'])(
    '%s is wrong',
    (name) => {
      expect(isNameProblem(parseExpectationName(name))).toBe(true);
    },
  );
});
