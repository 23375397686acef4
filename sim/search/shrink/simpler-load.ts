/** Less load of a plainer kind: fewer and slower sends, usual sizes, no keys, one of a kind. */
import type { Scenario, WorkloadEntry } from '../../scenario/schema.ts';
import type { Candidates } from './candidates.ts';
import { smallest } from './minimise.ts';

/** Fields of which the default is plainer, with it. */
const USUAL: Readonly<Record<string, unknown>> = {
  keys: 'none',
  startAt: 0,
  pollEvery: 0,
  pollTimeout: 500,
  assign: 'all',
  valueBytes: 100,
};
const LEFT_OUT = ['partition', 'stopAt', 'counters'];

export function* simplerLoad(shrinker: Candidates): Generator<void, void> {
  for (let i = 0; i < shrinker.scenario.workload.length; i++) {
    const entry = (): WorkloadEntry => shrinker.scenario.workload[i] as WorkloadEntry;
    const keep = (changed: object): Generator<void, boolean> =>
      shrinker.keep({
        ...shrinker.scenario,
        workload: shrinker.scenario.workload.map((one, place) =>
          place === i ? (changed as WorkloadEntry) : one,
        ) as Scenario['workload'],
      });
    for (const key of LEFT_OUT) {
      if (Object.hasOwn(entry(), key)) yield* keep(without(entry(), key));
    }
    for (const [key, value] of Object.entries(USUAL)) {
      if (Object.hasOwn(entry(), key)) yield* keep({ ...entry(), [key]: value });
    }
    yield* fewerSends(entry, keep);
  }
}

function* fewerSends(
  entry: () => WorkloadEntry,
  keep: (changed: object) => Generator<void, boolean>,
): Generator<void, void> {
  const producer = entry();
  if (!('producer' in producer)) return;
  const { inFlight, recordsPerSecond, count } = producer;
  if (inFlight !== undefined) {
    yield* keep({ ...without(entry(), 'inFlight'), recordsPerSecond: 10 });
    yield* smallest(inFlight, 1, (value) => keep({ ...entry(), inFlight: value }));
  }
  if (recordsPerSecond !== undefined) {
    for (const pace of [1, 2, 5, 10, 20, 50, 100]) {
      if (pace >= recordsPerSecond) break;
      if (yield* keep({ ...entry(), recordsPerSecond: pace })) break;
    }
  }
  if (count !== undefined) {
    yield* smallest(count, 1, (value) => keep({ ...entry(), count: value }));
    return;
  }
  for (const most of [1, 2, 3, 5, 10, 20, 50, 100, 200]) {
    if (yield* keep({ ...entry(), count: most })) return;
  }
}

function without(entry: object, key: string): object {
  return Object.fromEntries(Object.entries(entry).filter(([one]) => one !== key));
}
