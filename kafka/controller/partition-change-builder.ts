/**
 * Works out the next state of one partition: whether a reassignment is complete, ISR and ELR
 * (KIP-966) from a wanted ISR, then the election, and writes the difference as a record (Kafka:
 * PartitionChangeBuilder, with the later rule that a last known leader must be alive,
 * KAFKA-19522). Everything that changes a partition in the controller goes through here.
 */
import type { Uuid } from '../base/uuid.ts';
import {
  directoryOf,
  LeaderRecoveryState,
  NO_LEADER,
  NO_LEADER_CHANGE,
  type PartitionRegistration,
  sameReplicas,
} from '../metadata/partition-registration.ts';
import type { Rules } from '../protocol/rules.ts';
import {
  type PartitionChangeRecord,
  partitionChangeRecord,
} from '../wire/generated/partition-change-record.ts';
import { completeReassignment, type ReplicaLists } from './reassignment.ts';

/**
 * `preferred`: the first replica when it is valid. `online`: keep the leader while it is valid,
 * else take one from the ISR (or ELR). `unclean`: as online, and if there is none any live replica.
 */
export type Election = 'preferred' | 'online' | 'unclean';

export interface PartitionChangeRequest {
  readonly partition: PartitionRegistration;
  readonly topicId: Uuid;
  readonly partitionId: number;
  /** Alive, not shutting down, its log directory online. */
  readonly isAcceptableLeader: (broker: number) => boolean;
  /** min(min.insync.replicas, number of replicas). */
  readonly minIsr: number;
  readonly elrEnabled: boolean;
  readonly rules: Pick<Rules, 'lastKnownLeader' | 'reassignmentEnd'>;
  readonly election: Election;
  readonly targetIsr: readonly number[];
  /** Restarted without a clean stop: may hold less than they confirmed. */
  readonly uncleanShutdownReplicas?: readonly number[];
  readonly targetLeaderRecoveryState?: LeaderRecoveryState;
  /** Other replicas, or another stage of a reassignment. */
  readonly targetAssignment?: ReplicaLists;
  /** Log directories that become known for replicas. */
  readonly targetDirectories?: ReadonlyMap<number, Uuid>;
  /** The directory of a replica that is new to the partition. */
  readonly defaultDirectory: (broker: number) => Uuid;
}

interface Elected {
  readonly leader: number;
  readonly unclean: boolean;
}

const NOBODY: Elected = { leader: NO_LEADER, unclean: false };

/** @returns the record to write, or null when nothing changes. */
export function buildPartitionChange(
  request: PartitionChangeRequest,
): PartitionChangeRecord | null {
  const { partition, elrEnabled } = request;
  const target = targetOf(request);
  const record = partitionChangeRecord({
    topicId: request.topicId,
    partitionId: request.partitionId,
  });
  elect(request, target, record);
  raiseLeaderEpochForLostReplica(partition, target, record);
  const somebodyInSync = record.isr !== null || target.isr.length > 0;
  if (record.isr !== null || (!elrEnabled && somebodyInSync)) target.elr = [];
  if (!sameReplicas(target.elr, partition.elr)) record.eligibleLeaderReplicas = [...target.elr];
  // Without ELR the last member stays in the ISR, though nobody leads.
  const mayStore = target.isr.length > 0 || elrEnabled;
  if (record.isr === null && mayStore && !sameReplicas(target.isr, partition.isr)) {
    record.isr = [...target.isr];
  }
  setLastKnownLeader(request, record);
  setAssignment(request, target, record);
  const recovery = request.targetLeaderRecoveryState;
  if (recovery !== undefined && recovery !== partition.leaderRecoveryState) {
    record.leaderRecoveryState = recovery;
  }
  return isNoChange(record) ? null : record;
}

interface Target extends ReplicaLists {
  isr: readonly number[];
  elr: readonly number[];
}

function targetOf(request: PartitionChangeRequest): Target {
  const { partition, targetIsr } = request;
  const wanted = request.targetAssignment ?? {
    replicas: partition.replicas,
    adding: partition.addingReplicas,
    removing: partition.removingReplicas,
  };
  const completed = completeReassignment(wanted, targetIsr, request.rules.reassignmentEnd);
  const assignment = completed === null ? wanted : { ...completed, adding: [], removing: [] };
  const isr = completed?.isr ?? targetIsr;
  return { ...assignment, isr, elr: targetElr(request, assignment.replicas, isr) };
}

/**
 * ELR := (old ELR ∪ old ISR) minus the new ISR minus unclean ones, while below the min ISR. Only
 * replicas can be in it; Kafka leaves members in that a reassignment has removed. With the feature
 * off, who was eligible while it was on may still be elected, and is then forgotten.
 */
function targetElr(
  request: PartitionChangeRequest,
  replicas: readonly number[],
  isr: readonly number[],
): readonly number[] {
  const { partition } = request;
  const unclean = request.uncleanShutdownReplicas ?? [];
  if (!request.elrEnabled) return partition.elr.filter((broker) => !unclean.includes(broker));
  if (isr.length >= request.minIsr) return [];
  const elr: number[] = [];
  for (const broker of [...partition.elr, ...partition.isr]) {
    if (elr.includes(broker) || isr.includes(broker) || unclean.includes(broker)) continue;
    if (replicas.includes(broker)) elr.push(broker);
  }
  return elr.sort((a, b) => a - b);
}

function elect(
  request: PartitionChangeRequest,
  target: Target,
  record: PartitionChangeRecord,
): void {
  const { partition } = request;
  const elected = chooseLeader(request, target);
  if (elected.leader === partition.leader) return;
  record.leader = elected.leader;
  if (!elected.unclean && target.elr.includes(elected.leader)) {
    target.isr = [elected.leader];
    target.elr = target.elr.filter((broker) => broker !== elected.leader);
    return;
  }
  if (!elected.unclean) return;
  // The new leader may lack committed records: it alone is the ISR, and it must recover first.
  record.isr = [elected.leader];
  if (partition.leaderRecoveryState !== LeaderRecoveryState.RECOVERING) {
    record.leaderRecoveryState = LeaderRecoveryState.RECOVERING;
  }
}

function chooseLeader(request: PartitionChangeRequest, target: Target): Elected {
  const { partition, election, isAcceptableLeader } = request;
  const { replicas } = target;
  const isValid = (broker: number): boolean =>
    (target.isr.includes(broker) || (target.isr.length === 0 && target.elr.includes(broker))) &&
    isAcceptableLeader(broker);

  const preferred = replicas[0];
  if (election === 'preferred' && preferred !== undefined && isValid(preferred)) {
    return { leader: preferred, unclean: false };
  }
  if (isValid(partition.leader)) return { leader: partition.leader, unclean: false };
  const online = replicas.find(isValid);
  if (online !== undefined) return { leader: online, unclean: false };
  const lastKnown = lastKnownLeader(request, target);
  if (lastKnown !== NO_LEADER) return { leader: lastKnown, unclean: true };
  if (election === 'unclean') {
    const unclean = replicas.find(isAcceptableLeader);
    if (unclean !== undefined) return { leader: unclean, unclean: true };
  }
  return NOBODY;
}

/**
 * With ISR and ELR both empty the last leader may return; no setting is asked (KIP-966). Also
 * after the feature was turned off, or the partition could never be led again.
 */
function lastKnownLeader(request: PartitionChangeRequest, target: Target): number {
  const { lastKnownElr } = request.partition;
  if (target.isr.length > 0 || target.elr.length > 0) return NO_LEADER;
  const [last] = lastKnownElr;
  if (last === undefined || lastKnownElr.length !== 1) return NO_LEADER;
  if (!target.replicas.includes(last)) return NO_LEADER;
  const mayLead = request.isAcceptableLeader(last) || request.rules.lastKnownLeader.mayLead(last);
  return mayLead ? last : NO_LEADER;
}

/** A replica that leaves the assignment must not be fetched from or acknowledged for any more. */
function raiseLeaderEpochForLostReplica(
  partition: PartitionRegistration,
  target: Target,
  record: PartitionChangeRecord,
): void {
  if (record.leader !== NO_LEADER_CHANGE) return;
  if (partition.replicas.every((broker) => target.replicas.includes(broker))) return;
  record.leader = partition.leader;
}

function setAssignment(
  request: PartitionChangeRequest,
  target: Target,
  record: PartitionChangeRecord,
): void {
  const { partition, targetDirectories, defaultDirectory } = request;
  const directories = target.replicas.map((broker) => {
    const given = targetDirectories?.get(broker);
    if (given !== undefined) return given;
    return partition.replicas.includes(broker)
      ? directoryOf(partition, broker)
      : defaultDirectory(broker);
  });
  if (!sameItems(directories, partition.directories)) record.directories = directories;
  if (!sameReplicas(target.replicas, partition.replicas)) record.replicas = [...target.replicas];
  if (!sameReplicas(target.removing, partition.removingReplicas)) {
    record.removingReplicas = [...target.removing];
  }
  if (!sameReplicas(target.adding, partition.addingReplicas)) {
    record.addingReplicas = [...target.adding];
  }
}

function sameItems(a: readonly Uuid[], b: readonly Uuid[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}

/** Remembers who led last when the ISR runs empty, and forgets it once somebody leads. */
function setLastKnownLeader(request: PartitionChangeRequest, record: PartitionChangeRecord): void {
  const { leader, lastKnownElr } = request.partition;
  const isrRunsEmpty = record.isr !== null && record.isr.length === 0;
  if (isrRunsEmpty && !(lastKnownElr.length === 1 && lastKnownElr[0] === leader)) {
    // Nobody leads when ELR was turned on while the last member of an ISR was away; it led last.
    const [last] = request.partition.isr;
    const remembered = leader === NO_LEADER ? last : leader;
    if (remembered !== undefined) record.lastKnownElr = [remembered];
    return;
  }
  const nextLeader = record.leader === NO_LEADER_CHANGE ? leader : record.leader;
  if (nextLeader !== NO_LEADER && lastKnownElr.length > 0) record.lastKnownElr = [];
}

function isNoChange(record: PartitionChangeRecord): boolean {
  return (
    record.isr === null &&
    record.leader === NO_LEADER_CHANGE &&
    record.replicas === null &&
    record.removingReplicas === null &&
    record.addingReplicas === null &&
    record.leaderRecoveryState === LeaderRecoveryState.NO_CHANGE &&
    record.directories === null &&
    record.eligibleLeaderReplicas === null &&
    record.lastKnownElr === null
  );
}
