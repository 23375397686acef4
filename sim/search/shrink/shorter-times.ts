/** A shorter story: everything earlier, gaps closed, round times, an early end. */
import type { Scenario } from '../../scenario/schema.ts';
import type { Candidates } from './candidates.ts';
import { endingAt } from './ending.ts';
import { smallest } from './minimise.ts';

/** Numbers that people choose, largest grain first, in ms. */
const GRAINS_MS = [10_000, 5_000, 1_000, 500, 100, 10];

export function* shorterTimes(shrinker: Candidates): Generator<void, void> {
  yield* closeGaps(shrinker);
  yield* roundTimes(shrinker);
  const { runFor } = shrinker.scenario;
  const grain = GRAINS_MS.find((one) => one * 10 <= runFor) ?? 10;
  yield* smallest(Math.ceil(runFor / grain), 1, (count) =>
    shrinker.keep(endingAt(shrinker.scenario, count * grain)),
  );
}

/** The times at which something is done, in their order, without doubles. */
function timesOf({ faults, operations, workload }: Scenario): number[] {
  const times = [
    ...[...faults, ...operations].flatMap((one) => (one.at === undefined ? [] : [one.at])),
    ...workload.flatMap((one) => {
      if ('admin' in one) return [one.at];
      return [one.startAt, ...(one.stopAt === undefined ? [] : [one.stopAt])];
    }),
  ];
  return [...new Set(times)].sort((a, b) => a - b);
}

function* closeGaps(shrinker: Candidates): Generator<void, void> {
  for (let place = 0; place < timesOf(shrinker.scenario).length; place++) {
    const times = timesOf(shrinker.scenario);
    const at = times[place] as number;
    const gap = at - (place === 0 ? 0 : (times[place - 1] as number));
    if (gap === 0) continue;
    yield* smallest(gap, 0, (left) =>
      shrinker.keep(moved(shrinker.scenario, { from: at, by: left - gap })),
    );
  }
}

/** Everything at and after `from` happens `by` later, the end of the run too. */
function moved(scenario: Scenario, { from, by }: { from: number; by: number }): Scenario {
  const shift = <T extends number | undefined>(time: T): T =>
    (time === undefined || time < from ? time : time + by) as T;
  const timed = <T extends { readonly at?: number | undefined }>(one: T): T =>
    one.at === undefined ? one : { ...one, at: shift(one.at) };
  return {
    ...scenario,
    runFor: Math.max(1, shift(Math.max(scenario.runFor, from))),
    faults: scenario.faults.map(timed),
    operations: scenario.operations.map(timed),
    workload: scenario.workload.map((one) => {
      if ('admin' in one) return { ...one, at: shift(one.at) };
      const stop = one.stopAt === undefined ? {} : { stopAt: shift(one.stopAt) };
      return { ...one, startAt: shift(one.startAt), ...stop };
    }),
  };
}

/** One entry's time after the other goes down to a rounder one. */
function* roundTimes(shrinker: Candidates): Generator<void, void> {
  for (const part of ['faults', 'operations'] as const) {
    for (let i = 0; i < shrinker.scenario[part].length; i++) {
      for (const grain of GRAINS_MS) {
        const at = shrinker.scenario[part][i]?.at;
        if (at === undefined || at % grain === 0) break;
        const rounder = (to: number): Scenario => ({
          ...shrinker.scenario,
          [part]: shrinker.scenario[part].map((one, place) =>
            place === i ? { ...one, at: to } : one,
          ),
        });
        const down = Math.floor(at / grain) * grain;
        if (yield* shrinker.keep(rounder(down))) break;
        const up = down + grain;
        if (up <= shrinker.scenario.runFor && (yield* shrinker.keep(rounder(up)))) break;
      }
    }
  }
}
