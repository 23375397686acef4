import { describe, expect, test } from 'vitest';
import { eventExpectationWords } from '../../../viz/app/expectation-words.ts';
import { cards } from '../../../viz/app/gallery-cards.ts';

describe('what a story expects of events', () => {
  test.each([
    [
      'events.leader.elected[how=unclean].count',
      { atLeast: 1 },
      'leader elected (unclean)',
      'at least once',
    ],
    ['events.isr.proposed[why=expand].count', 0, 'isr proposed (expand)', 'never'],
    [
      'events.isr.changed.afterFault.split',
      { atLeast: 29000, atMost: 45500 },
      'isr changed',
      '29 s to 45.5 s after fault “split”',
    ],
    [
      'events.follower.started[node=broker-4].lastAt',
      { atMost: 75000 },
      'follower started (broker-4)',
      'last at 75 s or before',
    ],
  ])('is told in words: %s', (path, wanted, name, words) => {
    expect(eventExpectationWords(path, wanted)).toEqual({ name, words });
  });

  test('leaves no brackets or bare milliseconds on a card', () => {
    const told = cards.flatMap((card) =>
      card.expectations.map((one) => `${one.name}: ${one.words}`),
    );
    expect(told.filter((words) => /\[|afterFault|\d{5}/.test(words))).toEqual([]);
  });
});
