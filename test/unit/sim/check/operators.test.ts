/** What operators ask for may cost records or leaders; what they did not ask for may not. */
import { describe, expect, test } from 'vitest';
import { ConfigControl } from '../../../../kafka/controller/config-control.ts';
import { ReplicationControl } from '../../../../kafka/controller/replication-control.ts';
import { Elections } from '../../../../kafka/raft/elections.ts';
import { Partition } from '../../../../kafka/replication/partition.ts';
import { ASKED_FOR } from '../../../../sim/check/elections.ts';
import { ELR_CLEARED, UNREGISTERED } from '../../../../sim/check/liveness/behind-findings.ts';
import { VOTERS_DISAGREE } from '../../../../sim/check/liveness/quorum-standstill.ts';
import { runScenario } from '../../../../sim/run/runner.ts';
import { parseScenario } from '../../../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../../../sim/scenario/schema.ts';
import { whatIsWrong } from '../../../../sim/swarm/judge.ts';
import { type Lie, lie, run } from '../../../canaries/lie.ts';

/** broker-2 falls behind and is left to lead or not; broker-1 has all the rest. */
function lastInSyncDies(operations: ScenarioInput['operations'] = []): ScenarioInput {
  return {
    name: 'last-in-sync-dies',
    cluster: {
      brokers: 2,
      config: { 'feature.eligible.leader.replicas.version': 0, 'broker.session.timeout.ms': 2_000 },
      topics: [{ name: 'orders', partitions: 2, replicationFactor: 2 }],
    },
    workload: [
      {
        producer: 'p1',
        topic: 'orders',
        partition: 0,
        recordsPerSecond: 20,
        config: { acks: 'all' },
      },
    ],
    faults: [
      { at: 1_000, kill: 'broker-2' },
      { at: 6_000, kill: 'broker-1' },
      { at: 9_000, start: 'broker-2' },
    ],
    operations,
    runFor: 16_000,
  };
}

const askFor = (partition: string): NonNullable<ScenarioInput['operations']> => [
  { at: 13_000, electLeaders: 'unclean', partitions: partition },
];

const everyTopicAllowsUncleanElections = lie(ConfigControl, 'uncleanElectionEnabled', () => {
  return () => true;
});

function verdictOn(check: string, input: ScenarioInput, lies: readonly Lie[] = []) {
  const { verdict, allowedBy } = run(input, lies).verdicts.find((one) => one.name === check)!;
  return { verdict, allowedBy };
}

describe('an unclean election', () => {
  test('is the doing of the operator who asked for it', () => {
    const durable = verdictOn('acked-durable', lastInSyncDies(askFor('orders-0')));

    expect(durable).toEqual({ verdict: 'allowed', allowedBy: ASKED_FOR });
  });

  test('is a violation when nobody asked for it', () => {
    const durable = verdictOn('acked-durable', lastInSyncDies(), [
      everyTopicAllowsUncleanElections,
    ]);

    expect(durable).toEqual({ verdict: 'violated', allowedBy: null });
  });

  test('is a violation when one of another partition was asked for', () => {
    const input = lastInSyncDies(askFor('orders-1'));

    const durable = verdictOn('acked-durable', input, [everyTopicAllowsUncleanElections]);

    expect(durable).toEqual({ verdict: 'violated', allowedBy: null });
  });

  test('is a violation before it was asked for', () => {
    const late = lastInSyncDies([{ at: 15_900, electLeaders: 'unclean', partitions: 'orders-0' }]);

    const durable = verdictOn('acked-durable', late, [everyTopicAllowsUncleanElections]);

    expect(durable).toEqual({ verdict: 'violated', allowedBy: null });
  });

  test('is a violation when the request for it never got through, and has no end', () => {
    const unheard = { at: 2_000, electLeaders: 'unclean' as const, timeout: 500, mayMiss: true };
    const input = lastInSyncDies([unheard]);
    const faults: ScenarioInput['faults'] = [
      ...(input.faults ?? []),
      { at: 1_900, cut: ['client:operator', 'all:brokers'], for: 2_000 },
    ];

    const durable = verdictOn('acked-durable', { ...input, faults }, [
      everyTopicAllowsUncleanElections,
    ]);

    expect(durable).toEqual({ verdict: 'violated', allowedBy: null });
  });

  test('that was asked for explains what a drawn run lost', () => {
    const { scenario } = parseScenario(lastInSyncDies(askFor('orders-0')));

    expect(whatIsWrong(scenario!, runScenario(scenario!, { seed: 1 }))).toEqual([]);
  });
});

describe('a partition that nobody may lead', () => {
  const eligibleOnly = (operations: ScenarioInput['operations']): ScenarioInput => ({
    name: 'eligible-only',
    cluster: {
      brokers: 2,
      config: { 'broker.session.timeout.ms': 2_000 },
      topics: [{ name: 'orders', replicationFactor: 1, config: { 'min.insync.replicas': 1 } }],
    },
    faults: [{ at: 500, stop: 'leader:orders-0' }],
    operations,
    runFor: 5_000,
    convergeWithin: 20_000,
  });
  const weaker: ScenarioInput['operations'] = [
    { at: 3_000, alterConfigs: 'topic:orders', set: { 'min.insync.replicas': 2 } },
  ];

  test('stays so when min.insync.replicas was changed while nobody was in sync', () => {
    const progress = verdictOn('follower-progress', eligibleOnly(weaker));

    expect(progress).toEqual({ verdict: 'allowed', allowedBy: ELR_CLEARED });
  });

  test('is led again otherwise', () => {
    const progress = verdictOn('follower-progress', eligibleOnly([]));

    expect(progress).toEqual({ verdict: 'holds', allowedBy: null });
  });

  test('is a violation when the eligible one is merely not elected', () => {
    const nobodyIsUnfenced = lie(ReplicationControl, 'brokerUnfenced', () => () => []);

    const progress = verdictOn('follower-progress', eligibleOnly([]), [nobodyIsUnfenced]);

    expect(progress).toEqual({ verdict: 'violated', allowedBy: null });
  });
});

describe('a broker that was unregistered while it ran', () => {
  const unregistered = (faults: ScenarioInput['faults']): ScenarioInput => ({
    name: 'unregistered',
    cluster: { brokers: 2, topics: [{ name: 'orders', replicationFactor: 2 }] },
    operations: [{ at: 500, unregisterBroker: 'broker-2' }],
    faults,
    runFor: 2_000,
    convergeWithin: 20_000,
  });

  test('stays out until it is started again', () => {
    const progress = verdictOn('follower-progress', unregistered([]));

    expect(progress).toEqual({ verdict: 'allowed', allowedBy: UNREGISTERED });
  });

  test('is in again when it was', () => {
    const restarted = unregistered([{ at: 1_000, kill: 'broker-2', restartAfter: 200 }]);

    expect(verdictOn('follower-progress', restarted)).toEqual({
      verdict: 'holds',
      allowedBy: null,
    });
  });

  test('excuses nothing of others', () => {
    const input = {
      ...unregistered([]),
      operations: [],
      faults: [{ at: 500, stop: 'broker-2', restartAfter: 200 }],
    };
    const nobodyJoinsAgain = lie(Partition, 'maybeExpandIsr', () => () => undefined);

    const progress = verdictOn('follower-progress', input, [nobodyJoinsAgain]);

    expect(progress).toEqual({ verdict: 'violated', allowedBy: null });
  });
});

describe('a quorum of two without a leader', () => {
  /** The other's disk stalls: it never hears that the leader has removed itself. */
  const quorum = (operations: ScenarioInput['operations']): ScenarioInput => ({
    name: 'quorum-of-two',
    cluster: { brokers: 1, controllers: 2, voters: 'dynamic' },
    faults: [{ at: 301, stallDisk: 'controller:followers', for: 4_058 }],
    operations,
    runFor: 3_000,
    convergeWithin: 20_000,
  });
  const remove: ScenarioInput['operations'] = ['controller-101', 'controller-102'].map((one) => ({
    at: 1_930,
    removeVoter: one,
    mayMiss: true,
  }));

  test('stands still when its leader had removed itself unheard', () => {
    expect(verdictOn('metadata-progress', quorum(remove))).toEqual({
      verdict: 'allowed',
      allowedBy: VOTERS_DISAGREE,
    });
  });

  test('elects one when the voters agree', () => {
    expect(verdictOn('metadata-progress', quorum([]))).toEqual({
      verdict: 'holds',
      allowedBy: null,
    });
  });

  test('is a violation when the voters agree and nobody grants a vote', () => {
    const secondVotes = lie(Elections, 'canGrant', (honest) => (self, candidate, vote) => {
      return vote.candidateEpoch <= 1 && honest(self, candidate, vote);
    });
    const input: ScenarioInput = {
      ...quorum([]),
      faults: [{ at: 500, kill: 'controller:leader', restartAfter: 5_000 }],
    };

    expect(verdictOn('metadata-progress', input, [secondVotes])).toEqual({
      verdict: 'violated',
      allowedBy: null,
    });
  });
});
