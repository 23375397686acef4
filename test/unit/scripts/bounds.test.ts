import { expect, test } from 'vitest';
import { type Figure, figureLine, reaches } from '../../../scripts/bench-server/bounds.ts';

const speed = {
  what: 'speed',
  unit: 'requests/s',
  better: 'more',
  floor: 30_000,
  aim: 80_000,
} as const;
const start = { what: 'start', unit: 'ms', better: 'less', floor: 500, aim: 200 } as const;

test.each<[Figure, boolean, string]>([
  [
    { ...speed, value: 136_555 },
    true,
    'speed  136,555 requests/s (at least 30,000, aim 80,000: reached)',
  ],
  [
    { ...speed, value: 30_000 },
    true,
    'speed  30,000 requests/s (at least 30,000, aim 80,000: not reached)',
  ],
  [{ ...speed, value: 29_999 }, false, 'speed  29,999 requests/s (at least 30,000, FAILED)'],
  [{ ...start, value: 152 }, true, 'start  152 ms (at most 500, aim 200: reached)'],
  [{ ...start, value: 501 }, false, 'start  501 ms (at most 500, FAILED)'],
])('%j is said with its bounds, and fails below its floor', (figure, passes, words) => {
  expect(reaches(figure, figure.floor)).toBe(passes);
  expect(figureLine(figure, 5)).toBe(words);
});
