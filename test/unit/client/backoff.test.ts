import { expect, test } from 'vitest';
import { backoffMs } from '../../../kafka/client/backoff.ts';
import { SimRandom } from '../../../sim/engine/random.ts';

const random = new SimRandom('1', '').stream('backoff');

test('no backoff stays none, and costs nothing, however often a try has failed', () => {
  expect(backoffMs(0, 1_000, Number.MAX_SAFE_INTEGER, random)).toBe(0);
});

test('a backoff doubles up to its maximum', () => {
  const about = [0, 1, 2, 50].map((attempts) => backoffMs(100, 1_000, attempts, random));
  const least = [80, 160, 320, 800];
  const most = [120, 240, 480, 1_000];
  about.forEach((ms, i) => {
    expect(ms).toBeGreaterThanOrEqual(least[i]!);
    expect(ms).toBeLessThanOrEqual(most[i]!);
  });
});
