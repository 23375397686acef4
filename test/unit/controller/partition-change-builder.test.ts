import { describe, expect, test } from 'vitest';
import {
  buildPartitionChange,
  type PartitionChangeRequest,
} from '../../../kafka/controller/partition-change-builder.ts';
import {
  mergePartitionChange,
  type PartitionRegistration,
} from '../../../kafka/metadata/partition-registration.ts';
import { TODAY } from '../../../kafka/protocol/rules.ts';

const TOPIC = 'topicIdForTheTestsAAAA';

function partition(init: Partial<PartitionRegistration> = {}): PartitionRegistration {
  return {
    replicas: [1, 2, 3],
    directories: [TOPIC, TOPIC, TOPIC],
    isr: [1, 2, 3],
    elr: [],
    lastKnownElr: [],
    removingReplicas: [],
    addingReplicas: [],
    leader: 1,
    leaderRecoveryState: 0,
    leaderEpoch: 5,
    partitionEpoch: 7,
    ...init,
  };
}

interface Case {
  before?: Partial<PartitionRegistration>;
  alive?: number[];
  targetIsr?: number[];
  unclean?: number[];
  election?: PartitionChangeRequest['election'];
  minIsr?: number;
  elr?: boolean;
}

/** The state after the change, in words; null when no record is written. */
function outcome(of: Case): string | null {
  const before = partition(of.before);
  const alive = of.alive ?? [1, 2, 3];
  const record = buildPartitionChange({
    partition: before,
    topicId: TOPIC,
    partitionId: 0,
    isAcceptableLeader: (broker) => alive.includes(broker),
    minIsr: of.minIsr ?? 2,
    elrEnabled: of.elr ?? true,
    rules: TODAY,
    election: of.election ?? 'online',
    targetIsr: of.targetIsr ?? before.isr,
    uncleanShutdownReplicas: of.unclean ?? [],
    defaultDirectory: () => TOPIC,
  });
  if (record === null) return null;
  const after = mergePartitionChange(before, record);
  expect(after.partitionEpoch).toBe(before.partitionEpoch + 1);
  expect(after.leaderEpoch - before.leaderEpoch).toBe(after.leader === before.leader ? 0 : 1);
  const parts = [`leader ${after.leader}`, `isr ${after.isr}`];
  if (after.elr.length > 0) parts.push(`elr ${after.elr}`);
  if (after.lastKnownElr.length > 0) parts.push(`last ${after.lastKnownElr}`);
  if (after.leaderRecoveryState === 1) parts.push('recovering');
  return parts.join(', ');
}

describe('without eligible leader replicas', () => {
  const off = { elr: false };

  test.each<[string, Case, string | null]>([
    ['nothing to change writes nothing', off, null],
    [
      'a dead leader is followed by the first live ISR member in replica order',
      { ...off, before: { replicas: [1, 3, 2] }, alive: [2, 3], targetIsr: [2, 3] },
      'leader 3, isr 2,3',
    ],
    [
      'the last ISR member stays in the ISR when it dies',
      { ...off, before: { isr: [1] }, alive: [2, 3], targetIsr: [] },
      'leader -1, isr 1',
    ],
    [
      'a live replica outside the ISR is not elected while that is unclean',
      { ...off, before: { isr: [1], leader: -1 }, alive: [2, 3] },
      null,
    ],
    [
      'an unclean election takes the first live replica, alone, and marks it recovering',
      { ...off, before: { isr: [1], leader: -1 }, alive: [2, 3], election: 'unclean' },
      'leader 2, isr 2, recovering',
    ],
    [
      'an unclean election still prefers an ISR member',
      { ...off, before: { isr: [3], leader: -1 }, election: 'unclean' },
      'leader 3, isr 3',
    ],
    [
      'a grown ISR keeps the leader',
      { ...off, before: { isr: [1] }, targetIsr: [1, 2] },
      'leader 1, isr 1,2',
    ],
    [
      'the preferred replica takes over once it is in the ISR',
      { ...off, before: { leader: 2 }, election: 'preferred' },
      'leader 1, isr 1,2,3',
    ],
    [
      'the preferred replica waits while it is out of the ISR',
      { ...off, before: { leader: 2, isr: [2, 3] }, election: 'preferred' },
      null,
    ],
  ])('%s', (_claim, given, expected) => {
    expect(outcome(given)).toBe(expected);
  });
});

describe('with eligible leader replicas (KIP-966)', () => {
  test.each<[string, Case, string | null]>([
    ['a shrink that keeps the min ISR makes no ELR', { targetIsr: [1, 2] }, 'leader 1, isr 1,2'],
    [
      'a shrink below the min ISR keeps the member eligible',
      { targetIsr: [1] },
      'leader 1, isr 1, elr 2,3',
    ],
    [
      'a second shrink adds to the ELR',
      { before: { isr: [1, 2], elr: [] }, targetIsr: [1] },
      'leader 1, isr 1, elr 2',
    ],
    [
      'reaching the min ISR again clears the ELR',
      { before: { isr: [1], elr: [2, 3] }, targetIsr: [1, 2] },
      'leader 1, isr 1,2',
    ],
    [
      'the last ISR member may leave; it stays eligible and is remembered as the last leader',
      { before: { isr: [1], elr: [2] }, alive: [3], targetIsr: [] },
      'leader -1, isr , elr 1,2, last 1',
    ],
    [
      'an eligible replica is elected when the ISR runs empty',
      { before: { isr: [1], elr: [2] }, alive: [2, 3], targetIsr: [] },
      'leader 2, isr 2, elr 1',
    ],
    [
      'a replica neither in sync nor eligible is not elected',
      { before: { isr: [], elr: [1, 2], leader: -1, lastKnownElr: [1] }, alive: [3] },
      null,
    ],
    [
      'an unclean restart takes a replica out of the ELR',
      { before: { isr: [1], elr: [2] }, unclean: [2], targetIsr: [1] },
      'leader 1, isr 1',
    ],
    [
      'an unclean restart of the only ISR member leaves nobody but the eligible',
      { before: { isr: [1], elr: [2], leader: 1 }, alive: [2], unclean: [1], targetIsr: [] },
      'leader 2, isr 2',
    ],
    [
      'the last known leader is elected when ISR and ELR are empty, whatever the setting',
      { before: { isr: [], elr: [], leader: -1, lastKnownElr: [2] } },
      'leader 2, isr 2, recovering',
    ],
    [
      'a last known leader that is not alive is not elected (KAFKA-19522)',
      { before: { isr: [], elr: [], leader: -1, lastKnownElr: [2] }, alive: [1, 3] },
      null,
    ],
    [
      'an unclean election elects outside ISR and ELR and clears both',
      {
        before: { isr: [], elr: [1, 2], leader: -1, lastKnownElr: [1] },
        alive: [3],
        election: 'unclean',
      },
      'leader 3, isr 3, recovering',
    ],
    [
      'an eligible replica leads again once it is back',
      { before: { isr: [], elr: [1, 2], leader: -1, lastKnownElr: [1] }, alive: [2] },
      'leader 2, isr 2, elr 1',
    ],
  ])('%s', (_claim, given, expected) => {
    expect(outcome(given)).toBe(expected);
  });
});
