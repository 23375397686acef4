/** What reassign-safe says of changes as the quorum might commit them, and of a lying controller. */
import { describe, expect, test } from 'vitest';
import { ReplicationControl } from '../../kafka/controller/replication-control.ts';
import { MetadataImage, type TopicImage } from '../../kafka/metadata/image.ts';
import type { PartitionRegistration } from '../../kafka/metadata/partition-registration.ts';
import { ClientHistory } from '../../sim/check/history/history.ts';
import { ReassignmentIsSafe } from '../../sim/check/invariants/reassign-safe.ts';
import type { AskedAct } from '../../sim/check/operator-acts.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import { bareWitness } from '../support/bare-witness.ts';
import { lie, run, verdictsOf } from './lie.ts';

const moving: PartitionRegistration = {
  replicas: [4, 5, 1, 2],
  directories: [],
  isr: [1, 2, 4],
  elr: [],
  lastKnownElr: [],
  removingReplicas: [1, 2],
  addingReplicas: [4, 5],
  leader: 1,
  leaderRecoveryState: 0,
  leaderEpoch: 3,
  partitionEpoch: 7,
};
const settled = { ...moving, addingReplicas: [], removingReplicas: [], partitionEpoch: 8 };

interface Asked {
  /** Of orders-0, at event 2. */
  readonly acts?: readonly Omit<AskedAct, 'partitions' | 'broker'>[];
  /** Its requests that went out, and when it was answered. */
  readonly copies?: number;
  readonly answeredAt?: number;
  readonly forwarded?: boolean;
}

function verdictOn(after: PartitionRegistration, asked: Asked = {}): string {
  const { acts = [], copies = 1, answeredAt, forwarded = true } = asked;
  const history = new ClientHistory();
  for (const act of acts) {
    const asked = { ...act, partitions: ['orders-0'], broker: null };
    const ended = history.acts.begun('operator', asked, 2);
    for (let i = 0; i < copies; i++) history.acts.sent('operator');
    if (answeredAt !== undefined) ended(answeredAt);
  }
  const witness = bareWitness(history);
  const check = new ReassignmentIsSafe(witness);
  const change = { name: 'orders-0', topicId: 'a', before: moving, after, steps: [after] };
  const image = new MetadataImage();
  check.controlChanged({
    event: 7,
    decidedAt: 5,
    keptEligible: true,
    forwarded,
    timeUs: 0,
    partitions: [change],
    brokers: [],
    image,
  });
  return check.verdict().verdict;
}

const back = { ...settled, replicas: [1, 2], isr: [1, 2] };
const elsewhere = { ...settled, replicas: [1, 4], isr: [1, 4] };
const cancelled = [{ what: 'cancelled reassignment', replicas: null }] as const;
const moved = (replicas: readonly number[]) => [{ what: 'reassignment', replicas }] as const;

describe('reassign-safe', () => {
  test('holds when all targets are in sync', () => {
    expect(verdictOn({ ...settled, replicas: [4, 5], isr: [4, 5], leader: 4 })).toBe('holds');
  });

  test.each([
    ['a target lags behind', { ...settled, replicas: [4, 5], isr: [4], leader: 4 }],
    ['a replica comes from nowhere', { ...settled, replicas: [1, 9], isr: [1, 9] }],
    ['a target is left out', { ...settled, replicas: [4], isr: [4], leader: 4 }],
    ['it is taken back', back],
  ])('is violated when %s', (_what, after) => {
    expect(verdictOn(after)).toBe('violated');
  });

  test.each([
    ['was cancelled', back, { acts: cancelled }],
    ['was cancelled while its originals lag', { ...back, isr: [1] }, { acts: cancelled }],
    ['was replaced by one back', back, { acts: moved([2, 1]) }],
    ['was replaced by another', elsewhere, { acts: moved([1, 4]) }],
    ['was cancelled before the answer', back, { acts: cancelled, answeredAt: 6 }],
    ['may be cancelled by a copy', back, { acts: cancelled, copies: 2, answeredAt: 3 }],
  ])('holds when an operator asked: it %s', (_what, after, asked) => {
    expect(verdictOn(after, asked)).toBe('holds');
  });

  test.each([
    ['for other replicas', back, { acts: moved([1, 4]) }],
    ['for who lag behind', { ...back, isr: [1] }, { acts: moved([1, 2]) }],
    ['and was answered before', back, { acts: cancelled, answeredAt: 3 }],
    ['of a controller that had heard of nothing', back, { acts: cancelled, forwarded: false }],
  ])('is violated although an operator asked %s', (_what, after, asked) => {
    expect(verdictOn(after, asked)).toBe('violated');
  });
});

/** It goes from brokers 2 and 3 to 3 and 4; the one that comes is slow to catch up. */
const slowTarget: ScenarioInput = {
  name: 'canary',
  cluster: {
    brokers: 4,
    topics: [{ name: 'orders', replicationFactor: 2, config: { 'min.insync.replicas': 1 } }],
  },
  workload: [{ producer: 'p1', topic: 'orders', recordsPerSecond: 100 }],
  operations: [{ at: 1_000, reassign: 'orders-0', replicas: [3, 4] }],
  faults: [{ at: 900, cut: ['broker-4', 'leader:orders-0'], for: 2_000 }],
  runFor: 6_000,
};

type Lists = { readonly replicas: readonly number[]; readonly isr: readonly number[] };

/** What becomes of a partition, told as `revertTo` tells it. */
function ends(how: (partition: PartitionRegistration, targets: readonly number[]) => Lists) {
  return (self: ReplicationControl, topic: TopicImage, index: number, wanted: readonly number[]) =>
    self.revertTo(topic, index, how(topic.partitions[index]!, wanted));
}

const takesBack = ends(({ replicas, addingReplicas, isr }) => ({
  replicas: replicas.filter((one) => !addingReplicas.includes(one)),
  isr: isr.filter((one) => !addingReplicas.includes(one)),
}));
const leavesOutWhoIsLate = ends(({ isr }, targets) => {
  const inSync = targets.filter((one) => isr.includes(one));
  return { replicas: inSync, isr: inSync };
});
const waitsForNobody = ends(({ isr }, targets) => ({
  replicas: targets,
  isr: targets.filter((one) => isr.includes(one)),
}));

const whenTheTargetIsInSync = lie(ReplicationControl, 'alterIsr', (honest) => {
  return (self, topic, index, ...rest) => {
    const isMoving = (topic as TopicImage).partitions[index]!.addingReplicas.length > 0;
    return isMoving ? takesBack(self, topic, index, []) : honest(self, topic, index, ...rest);
  };
});
const atOnce = (lying: typeof takesBack) =>
  lie(ReplicationControl, 'reassign', () => (self, topic, index, to) => {
    const { replicas, removing } = to as { replicas: number[]; removing: number[] };
    return lying(
      self,
      topic,
      index,
      replicas.filter((one) => !removing.includes(one)),
    );
  });

describe('reassign-safe sees it in a running cluster', () => {
  test('and holds when nothing is wrong', () => {
    expect(verdictsOf(run(slowTarget))['reassign-safe']).toBe('holds');
  });

  test.each([
    ['takes a reassignment back that nobody cancelled', whenTheTargetIsInSync],
    ['completes one with those who are in sync already', atOnce(leavesOutWhoIsLate)],
    ['completes one before its targets are in sync', atOnce(waitsForNobody)],
  ])('when the controller %s', (_what, lying) => {
    expect(verdictsOf(run(slowTarget, [lying]))['reassign-safe']).toBe('violated');
  });
});
