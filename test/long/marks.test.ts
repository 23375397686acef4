/**
 * Everything that the search should meet sometimes it meets within its default campaign. What is
 * missing here means that the swarm has stopped drawing something, or that the system has stopped
 * doing it.
 */
import { expect, test } from 'vitest';
import { marks } from '../../sim/marks/marks.ts';
import { runSeed } from '../../sim/search/seed-run.ts';

const SEEDS = 2_000;
const TIME_LIMIT_MS = 1_200_000;

test(
  `the first ${SEEDS} seeds reach every mark`,
  () => {
    const missing = new Set(marks.map((one) => one.name));
    for (let seed = 1; seed <= SEEDS && missing.size > 0; seed++) {
      for (const name of runSeed(null, { seed }).marks) missing.delete(name);
    }

    expect([...missing]).toEqual([]);
  },
  TIME_LIMIT_MS,
);
