/**
 * Explanations of runs that nobody made by hand: clusters, loads and faults are drawn from seeds.
 * A loss must vanish when the faults that its explanation names are taken out of the scenario, and
 * must stay when only the faults that it does not name are.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Verdict } from '../../sim/check/verdict.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import { explain, namedFaults, type Sentence } from '../../viz/model/why.ts';
import { type VizRun, vizRun } from '../support/viz-runs.ts';

type Fault = NonNullable<ScenarioInput['faults']>[number];

const SECOND = 1_000;
/** Any will do. */
const SEED = 17;

interface Harm {
  readonly acks: '1' | 'all';
  readonly faults: Fault[];
}

const followersAt = (at: number) => ({ at, name: 'parted' });
const leaderGone: fc.Arbitrary<(at: number) => Fault> = fc.constantFrom<(at: number) => Fault>(
  (at) => ({ at, name: 'gone', kill: 'leader:orders-0', restartAfter: 15 * SECOND }),
  (at) => ({ at, name: 'gone', powerCut: 'leader:orders-0', restartAfter: 15 * SECOND }),
);

/** Followers that lack something when the leader goes, which answered by itself. */
const leaderAlone: fc.Arbitrary<Harm> = fc
  .record({
    from: fc.integer({ min: 3 * SECOND, max: 5 * SECOND }),
    gap: fc.integer({ min: 300, max: 2 * SECOND }),
    parted: fc.constantFrom<(at: number) => Fault>(
      (at) => ({
        ...followersAt(at),
        cut: ['leader:orders-0', 'followers:orders-0'],
        for: 4 * SECOND,
      }),
      (at) => ({
        ...followersAt(at),
        delay: ['leader:orders-0', 'followers:orders-0'],
        by: 2_500,
        for: 8 * SECOND,
      }),
    ),
    gone: fc.oneof(
      leaderGone,
      fc.constant(
        (at: number): Fault => ({
          at,
          name: 'gone',
          isolate: 'leader:orders-0',
          for: 15 * SECOND,
        }),
      ),
    ),
  })
  .map(({ from, gap, parted, gone }) => ({ acks: '1', faults: [parted(from), gone(from + gap)] }));

/** Followers that have left the ISR; the leader, alone in it, goes; an unclean election follows. */
const isrAlone: fc.Arbitrary<Harm> = fc
  .record({
    from: fc.integer({ min: 2 * SECOND, max: 3 * SECOND }),
    gap: fc.integer({ min: 5 * SECOND, max: 6 * SECOND }),
    gone: leaderGone,
  })
  .map(({ from, gap, gone }) => ({
    acks: 'all',
    faults: [
      { ...followersAt(from), cut: ['leader:orders-0', 'followers:orders-0'], for: 12 * SECOND },
      gone(from + gap),
    ],
  }));

/** What hurts nobody: small, short, or after the fact. */
const decoys: fc.Arbitrary<Fault[]> = fc.array(
  fc
    .record({
      at: fc.integer({ min: 500, max: 9 * SECOND }),
      kind: fc.constantFrom<(at: number) => Fault>(
        (at) => ({ at, jumpClock: 'broker-1', by: 5 * SECOND }),
        (at) => ({ at, slowCpu: 'controller-101', times: 2, for: SECOND }),
        (at) => ({ at, delay: ['client:c1', 'all:brokers'], by: 20, for: SECOND }),
        (at) => ({ at, pause: 'client:c1', for: 800 }),
        (at) => ({ at, slowDisk: 'broker-3', times: 3, for: 2 * SECOND }),
        (at) => ({ at, reset: ['client:p1', 'all:brokers'] }),
        (at) => ({ at, driftClock: 'broker-2', ppm: 200, for: 3 * SECOND }),
      ),
    })
    .map(({ at, kind }) => kind(at)),
  { maxLength: 3 },
);

interface Drawn {
  readonly scenario: ScenarioInput;
  readonly seed: number;
}

function scenarios(harms: fc.Arbitrary<Harm>): fc.Arbitrary<Drawn> {
  const parts = fc.record({
    seed: fc.integer({ min: 1, max: 1_000_000 }),
    brokers: fc.integer({ min: 3, max: 4 }),
    rate: fc.integer({ min: 60, max: 250 }),
    harm: harms,
    decoys,
  });
  return parts.map(({ seed, brokers, rate, harm, decoys: others }) => ({
    seed,
    scenario: {
      name: 'drawn-loss',
      cluster: {
        brokers,
        controllers: 1,
        config: { 'replica.lag.time.max.ms': harm.acks === 'all' ? 2_000 : 30_000 },
        topics: [
          {
            name: 'orders',
            partitions: 1,
            replicationFactor: 3,
            config: { 'unclean.leader.election.enable': harm.acks === 'all' },
          },
        ],
      },
      workload: [
        {
          producer: 'p1',
          topic: 'orders',
          recordsPerSecond: rate,
          config: { acks: harm.acks, 'enable.idempotence': 'false' },
        },
        { consumer: 'c1', topic: 'orders' },
      ],
      faults: [...harm.faults, ...others.map((one, place) => ({ ...one, name: `decoy-${place}` }))],
      runFor: 24 * SECOND,
    },
  }));
}

function lossOf(run: VizRun): Verdict | null {
  const verdicts = run.store.identity?.report?.verdicts ?? [];
  const found = verdicts.find((one) => one.name === 'acked-durable');
  return found === undefined || found.verdict === 'holds' || found.at === null ? null : found;
}

const STRIKE = /^fault (\S+): /;

/** The scenario's faults that did what the sentences name. */
function namesOf(run: VizRun, sentences: readonly Sentence[]): string[] {
  const { store } = run;
  const names = namedFaults(store, sentences).map((event) => {
    for (let before = event - 1; before > 0; before--) {
      const one = store.at(before);
      const name = one.kind === 'lab.action' ? STRIKE.exec(String(one.fields[0]))?.[1] : undefined;
      if (name !== undefined) return name;
    }
    return '';
  });
  return [...new Set(names.filter((name) => name !== ''))];
}

function keep(scenario: ScenarioInput, wanted: (name: string) => boolean): ScenarioInput {
  return { ...scenario, faults: (scenario.faults ?? []).filter((one) => wanted(one.name ?? '')) };
}

/** Without what is named nothing is lost, and with nothing but what is named it is. */
function namedFaultsAreTheCause({ scenario, seed }: Drawn): void {
  const run = vizRun(scenario, seed);
  const loss = lossOf(run);
  fc.pre(loss !== null);
  const sentences = explain(run.store, run.timeline, loss?.at ?? 0, loss);
  expect(sentences.length).toBeGreaterThan(2);
  expect(sentences.length).toBeLessThanOrEqual(8);
  for (const { text, events } of sentences) {
    expect(text).not.toMatch(/undefined|NaN|[{}]/);
    expect(events.length).toBeGreaterThan(0);
    for (const event of events) expect(event).toBeLessThanOrEqual(run.store.count);
  }
  const named = namesOf(run, sentences);
  expect(named.length).toBeGreaterThan(0);
  const without = keep(scenario, (name) => !named.includes(name));
  expect(lossOf(vizRun(without, seed))).toBeNull();
  const only = keep(scenario, (name) => named.includes(name));
  expect(lossOf(vizRun(only, seed))).not.toBeNull();
}

describe('a loss that was drawn vanishes without the faults named, and stays without the others', () => {
  test('when the leader had answered by itself', () => {
    const drawn = fc.property(scenarios(leaderAlone), namedFaultsAreTheCause);
    fc.assert(drawn, { numRuns: 3, seed: SEED, maxSkipsPerRun: 5 });
  });

  test('when the leader had been alone in sync', () => {
    const drawn = fc.property(scenarios(isrAlone), namedFaultsAreTheCause);
    fc.assert(drawn, { numRuns: 3, seed: SEED, maxSkipsPerRun: 5 });
  });
});
