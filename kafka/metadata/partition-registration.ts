/**
 * What the metadata log says about one partition (Kafka: PartitionRegistration). Values are never
 * changed in place: a change record makes a new one, so holders may keep an old one to compare.
 */
import { assert } from '../base/assert.ts';
import { type Uuid, ZERO_UUID } from '../base/uuid.ts';
import type { PartitionChangeRecord } from '../wire/generated/partition-change-record.ts';
import type { PartitionRecord } from '../wire/generated/partition-record.ts';

/** The broker id that stands for "no leader". */
export const NO_LEADER = -1;
/** In a PartitionChangeRecord: the leader, and so the leader epoch, stays. */
export const NO_LEADER_CHANGE = -2;

/** KIP-704: a leader elected uncleanly must recover before its ISR may grow. */
export const LeaderRecoveryState = { RECOVERED: 0, RECOVERING: 1, NO_CHANGE: -1 } as const;
export type LeaderRecoveryState = 0 | 1;

export interface PartitionRegistration {
  /** In order of preference: the first is the preferred leader. */
  readonly replicas: readonly number[];
  /** Log directory per replica, as `replicas`; the zero uuid while unassigned. */
  readonly directories: readonly Uuid[];
  readonly isr: readonly number[];
  /** KIP-966: not in the ISR, yet known to hold every committed record. */
  readonly elr: readonly number[];
  /** The last leader, while ISR is empty and nobody leads. */
  readonly lastKnownElr: readonly number[];
  readonly removingReplicas: readonly number[];
  readonly addingReplicas: readonly number[];
  /** `NO_LEADER` when nobody leads. */
  readonly leader: number;
  readonly leaderRecoveryState: LeaderRecoveryState;
  /** Rises whenever a leader is set, even to the same one. */
  readonly leaderEpoch: number;
  /** Rises with every change. */
  readonly partitionEpoch: number;
}

export function partitionFromRecord(record: PartitionRecord): PartitionRegistration {
  return {
    replicas: record.replicas,
    directories: directoriesFor(record.replicas, record.directories),
    isr: record.isr,
    elr: record.eligibleLeaderReplicas ?? [],
    lastKnownElr: record.lastKnownElr ?? [],
    removingReplicas: record.removingReplicas,
    addingReplicas: record.addingReplicas,
    leader: record.leader,
    leaderRecoveryState: recoveryState(record.leaderRecoveryState),
    leaderEpoch: record.leaderEpoch,
    partitionEpoch: record.partitionEpoch,
  };
}

export function mergePartitionChange(
  before: PartitionRegistration,
  change: PartitionChangeRecord,
): PartitionRegistration {
  const replicas = change.replicas ?? before.replicas;
  const leaderSet = change.leader !== NO_LEADER_CHANGE;
  return {
    replicas,
    directories: directoriesFor(replicas, change.directories ?? before.directories),
    isr: change.isr ?? before.isr,
    elr: change.eligibleLeaderReplicas ?? before.elr,
    lastKnownElr: change.lastKnownElr ?? before.lastKnownElr,
    removingReplicas: change.removingReplicas ?? before.removingReplicas,
    addingReplicas: change.addingReplicas ?? before.addingReplicas,
    leader: leaderSet ? change.leader : before.leader,
    leaderRecoveryState:
      change.leaderRecoveryState === LeaderRecoveryState.NO_CHANGE
        ? before.leaderRecoveryState
        : recoveryState(change.leaderRecoveryState),
    leaderEpoch: leaderSet ? before.leaderEpoch + 1 : before.leaderEpoch,
    partitionEpoch: before.partitionEpoch + 1,
  };
}

function recoveryState(value: number): LeaderRecoveryState {
  assert(value === 0 || value === 1, `leader recovery state ${value}`);
  return value;
}

function directoriesFor(
  replicas: readonly number[],
  directories: readonly Uuid[],
): readonly Uuid[] {
  if (directories.length === replicas.length) return directories;
  return replicas.map(() => ZERO_UUID);
}

/** The log directory of one replica; the zero uuid when unassigned. */
export function directoryOf(partition: PartitionRegistration, broker: number): Uuid {
  return partition.directories[partition.replicas.indexOf(broker)] ?? ZERO_UUID;
}

export function sameReplicas(a: readonly number[], b: readonly number[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
