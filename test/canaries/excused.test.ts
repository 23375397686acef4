/** What a permitted loss, or a fault, does not excuse: lies that are told in its shadow. */
import { expect, test } from 'vitest';
import { Log } from '../../kafka/log/log.ts';
import { TODAY } from '../../kafka/protocol/rules.ts';
import type { TruncatedLog } from '../../kafka/protocol/truncation.ts';
import { FollowerState } from '../../kafka/replication/follower-state.ts';
import diverges from '../../scenarios/zoo/truncation-to-high-watermark-diverges.ts';
import trusted from '../../scenarios/zoo/trusted-positions-skip-what-was-written-anew.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import { cluster, slowFollowersThenLeaderDies } from './canary.ts';
import { type Lie, lie, run, verdictsOf } from './lie.ts';

function withTodaysRules(input: ScenarioInput): ScenarioInput {
  return { ...input, cluster: { ...input.cluster, variants: {} }, expect: {} };
}

const positionsAreTrusted: Lie = {
  of: TODAY.consumerPosition,
  method: 'validates',
  tell: () => () => false,
};

test('read-stable sees a consumer that is told nothing of a loss that settings permit', () => {
  const input = withTodaysRules(trusted);

  expect(verdictsOf(run(input))['read-stable']).toBe('allowed');
  expect(verdictsOf(run(input, [positionsAreTrusted]))['read-stable']).toBe('violated');
});

const logsAreNotCompared: readonly Lie[] = [
  {
    of: TODAY.truncation,
    method: 'begin',
    tell: () => (log: TruncatedLog) => log.truncateTo(log.highWatermark),
  },
  { of: TODAY.truncation, method: 'lastFetchedEpoch', tell: () => () => -1 },
];

test('log-match sees a replica that still differs at rest, whatever was lost', () => {
  const input = withTodaysRules(diverges);

  expect(verdictsOf(run(input))['log-match']).not.toBe('violated');
  expect(verdictsOf(run(input, logsAreNotCompared))['log-match']).toBe('violated');
});

const nobodyIsCaughtUp = lie(FollowerState, 'isCaughtUp', () => () => false);

test('isr-stable sees who is dropped with all that there is, whatever has struck before', () => {
  const input = cluster({
    runFor: 40_000,
    faults: [{ at: 100, reset: ['client:c1', 'all:brokers'] }],
  });

  expect(verdictsOf(run(input))['isr-stable']).toBe('holds');
  expect(verdictsOf(run(input, [nobodyIsCaughtUp]))['isr-stable']).toBe('violated');
});

test.each(['leader:orders-0', 'followers:orders-0'])(
  'isr-stable sees who is dropped with all that there is, whatever rots on %s beside the log',
  (rotten) => {
    const input = cluster({
      runFor: 40_000,
      faults: [{ at: 1_000, flipBit: rotten, file: '.timeindex', where: 'tail' }],
    });
    const honest = run(input);

    expect(honest.problems).toEqual([]);
    expect(verdictsOf(honest)['isr-stable']).toBe('holds');
    expect(verdictsOf(run(input, [nobodyIsCaughtUp]))['isr-stable']).toBe('violated');
  },
);

test('offset-bounds sees reads of what is not committed, whatever rots beside the log', () => {
  const rot = {
    at: 900,
    flipBit: 'followers:orders-0',
    file: '.timeindex',
    where: 'tail',
  } as const;
  const input = cluster({
    acks: '1',
    idempotent: false,
    faults: [rot, ...(slowFollowersThenLeaderDies.faults ?? [])],
  });
  const readsGoToTheLogEnd = lie(Log, 'read', (honest) => {
    return (self, startOffset, maxBytes, _isolation, minOneBatch) =>
      honest(self, startOffset, maxBytes, 'log_end', minOneBatch);
  });
  const honest = run(input);

  expect(honest.problems).toEqual([]);
  expect(verdictsOf(honest)['offset-bounds']).toBe('holds');
  expect(verdictsOf(run(input, [readsGoToTheLogEnd]))['offset-bounds']).toBe('violated');
});

test.each<Pick<ScenarioInput, 'faults' | 'operations'>>([
  { faults: [{ at: 5_000, powerCut: 'follower:orders-0', restartAfter: 1_000 }] },
  { operations: [{ at: 5_000, by: 'operator', unregisterBroker: 'broker-3' }] },
])('isr-stable sees who is dropped beside one that has a reason: %o', (reason) => {
  const input = { ...cluster({ runFor: 40_000 }), ...reason };

  expect(verdictsOf(run(input))['isr-stable']).toBe('holds');
  expect(verdictsOf(run(input, [nobodyIsCaughtUp]))['isr-stable']).toBe('violated');
});

test('offset-unique sees an offset told twice where a former topic had a record that nobody saw', () => {
  const twice = lie(Log, 'appendAsLeader', (honest) => {
    let topics = 0;
    return (self, ...args) => {
      const appended = honest(self, ...args);
      if (self.name !== 'orders-0' || appended.baseOffset !== 20 || ++topics !== 2) return appended;
      return { ...appended, baseOffset: 19 };
    };
  });
  const load = { topic: 'orders', recordsPerSecond: 100 };
  const silent = { acks: 0, 'enable.idempotence': false, 'linger.ms': 0 };
  const input: ScenarioInput = {
    ...cluster({}),
    workload: [
      { producer: 'p1', ...load, stopAt: 500, config: silent },
      { producer: 'p2', ...load, startAt: 1_000, config: { acks: 'all', 'linger.ms': 0 } },
    ],
    operations: [{ at: 800, by: 'operator', deleteTopic: 'orders' }],
  };

  expect(verdictsOf(run(input))['offset-unique']).toBe('holds');
  expect(verdictsOf(run(input, [twice]))['offset-unique']).toBe('violated');
});
