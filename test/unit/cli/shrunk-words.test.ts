import { expect, test } from 'vitest';
import { shrunkWords } from '../../../cli/report/shrunk.ts';
import type { Shrunk } from '../../../sim/search/shrink/shrink.ts';

const size = { events: 1000, faults: 3, operations: 0, clients: 2, brokers: 3, simulatedMs: 9000 };
const words = (events: number): string =>
  shrunkWords({ before: size, after: { ...size, events }, tries: 4 } as Shrunk, 1_500);

test('how much smaller a run became is told, or how much larger when time was over early', () => {
  expect(words(50)).toMatch(/^1,000 events → 50 \(95\.0 % fewer\), 3 faults → 3, 2 clients → 2, /);
  expect(words(1019)).toMatch(/^1,000 events → 1,019 \(1\.9 % more\), /);
});
