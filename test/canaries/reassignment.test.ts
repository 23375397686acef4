/** What reassign-safe says of changes as the quorum might commit them. */
import { describe, expect, test } from 'vitest';
import { MetadataImage } from '../../kafka/metadata/image.ts';
import type { PartitionRegistration } from '../../kafka/metadata/partition-registration.ts';
import { ClientHistory } from '../../sim/check/history/history.ts';
import { ReassignmentIsSafe } from '../../sim/check/invariants/reassign-safe.ts';
import { Witness } from '../../sim/check/witness.ts';

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

function verdictOn(after: PartitionRegistration): string {
  const witness = new Witness({
    disks: { paths: () => [], contents: () => new Uint8Array(0) },
    history: new ClientHistory(),
    settings: {
      topics: [],
      defaults: { minInSyncReplicas: 2, uncleanLeaderElection: false },
      tightReplication: null,
      eligibleLeaderReplicas: true,
      producerIdExpirationMs: 86_400_000,
    },
    voterName: String,
  });
  const check = new ReassignmentIsSafe(witness);
  const change = { name: 'orders-0', topicId: 'a', before: moving, after, steps: [after] };
  const image = new MetadataImage();
  check.controlChanged({
    event: 5,
    decidedAt: 5,
    timeUs: 0,
    partitions: [change],
    brokers: [],
    image,
  });
  return check.verdict().verdict;
}

describe('reassign-safe', () => {
  test('holds when all targets are in sync, and when it is cancelled', () => {
    expect(verdictOn({ ...settled, replicas: [4, 5], isr: [4, 5], leader: 4 })).toBe('holds');
    expect(verdictOn({ ...settled, replicas: [1, 2], isr: [1, 2] })).toBe('holds');
  });

  test.each([
    ['a target lags behind', { ...settled, replicas: [4, 5], isr: [4], leader: 4 }],
    ['a replica comes from nowhere', { ...settled, replicas: [1, 9], isr: [1, 9] }],
  ])('is violated when %s', (_what, after) => {
    expect(verdictOn(after)).toBe('violated');
  });
});
