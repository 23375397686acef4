/** A shorter story: everything earlier, gaps closed, round times, an early end. */
import type { Scenario } from '../../scenario/schema.ts';
import type { Candidates } from './candidates.ts';
import { endingAt } from './ending.ts';
import { firstEnough, smallest } from './minimise.ts';

/** Numbers that people choose, largest grain first, in ms. */
const GRAINS_MS = [10_000, 5_000, 1_000, 500, 100, 10];

export function* shorterTimes(shrinker: Candidates): Generator<void, void> {
  for (let place = 0; place < timesOf(shrinker.scenario).length; place++) {
    const { gap } = gapAt(shrinker.scenario, place);
    yield* firstEnough(roundBelow(gap), (left) => withGap(shrinker, place, left));
  }
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

/** Between the time at this place and the one before it. */
function gapAt(scenario: Scenario, place: number): { readonly from: number; readonly gap: number } {
  const times = timesOf(scenario);
  const from = times[place] ?? 0;
  return { from, gap: from - (place === 0 ? 0 : (times[place - 1] ?? 0)) };
}

function withGap(shrinker: Candidates, place: number, left: number): Generator<void, boolean> {
  const { from, gap } = gapAt(shrinker.scenario, place);
  return keepPlainer(shrinker, moved(shrinker.scenario, { from, by: left - gap }));
}

/** For what is left: gaps, and the times of entries alone, that are easier to read. */
export function* rounderTimes(shrinker: Candidates): Generator<void, void> {
  for (let place = 0; place < timesOf(shrinker.scenario).length; place++) {
    const { gap } = gapAt(shrinker.scenario, place);
    for (const rounder of rounderThan(gap)) if (yield* withGap(shrinker, place, rounder)) break;
  }
  yield* roundEntries(shrinker);
  const { scenario } = shrinker;
  const [least = 10] = GRAINS_MS.slice(-1);
  yield* shrinker.keep({ ...scenario, runFor: Math.ceil(scenario.runFor / least) * least });
}

/** Times only ever become plainer, so that shrinking ends. */
function* keepPlainer(shrinker: Candidates, candidate: Scenario): Generator<void, boolean> {
  const [now, then] = [plainness(shrinker.scenario), plainness(candidate)];
  const isPlainer = then.digits < now.digits || (then.digits === now.digits && then.sum < now.sum);
  return isPlainer && (yield* shrinker.keep(candidate));
}

/** Digits that a reader has to read to know what comes how long after what; and the times. */
function plainness(scenario: Scenario): { readonly digits: number; readonly sum: number } {
  const times = timesOf(scenario);
  return {
    digits: total(times.map((at, i) => digitsOf(at - (times[i - 1] ?? 0)))),
    sum: total(times),
  };
}

function total(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0);
}

/** Without the zeros at its end: 1 of 300, 2 of 4500, 0 of 0. */
function digitsOf(number: number): number {
  return String(number).replace(/0+$/, '').length;
}

/** Numbers of one digit and zeros, rising. */
function roundBelow(limit: number): number[] {
  const all = limit > 0 ? [0] : [];
  for (let grain = 1; grain < limit; grain *= 10) {
    for (let digit = 1; digit <= 9 && digit * grain < limit; digit++) all.push(digit * grain);
  }
  return all;
}

/** The next ones with fewer digits, from the fewest. */
function rounderThan(number: number): number[] {
  return GRAINS_MS.filter((grain) => number % grain !== 0).flatMap((grain) => {
    const down = Math.floor(number / grain) * grain;
    return [down, down + grain];
  });
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

/** One entry's time after the other becomes a rounder one. */
function* roundEntries(shrinker: Candidates): Generator<void, void> {
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
        if (yield* keepPlainer(shrinker, rounder(down))) break;
        const up = down + grain;
        if (up <= shrinker.scenario.runFor && (yield* keepPlainer(shrinker, rounder(up)))) break;
      }
    }
  }
}
