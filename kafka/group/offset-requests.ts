/**
 * Committing, fetching and deleting offsets at the coordinator (Kafka: OffsetMetadataManager and
 * ClassicGroup.validateOffsetCommit; KIP-211 for how long offsets live, KIP-496 for deleting).
 */
import type { OffsetExpiryRule } from '../protocol/offset-expiry.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { OffsetCommitRequest } from '../wire/generated/offset-commit-request.ts';
import {
  type OffsetCommitResponseTopic,
  offsetCommitResponsePartition,
  offsetCommitResponseTopic,
} from '../wire/generated/offset-commit-response.ts';
import type { OffsetDeleteRequest } from '../wire/generated/offset-delete-request.ts';
import {
  type OffsetDeleteResponse,
  offsetDeleteResponse,
  offsetDeleteResponsePartition,
  offsetDeleteResponseTopic,
} from '../wire/generated/offset-delete-response.ts';
import type { ClassicGroup } from './classic-group.ts';
import { type CommittedOffset, type OffsetChange, offsetRecord } from './group-records.ts';
import type { Rounds } from './rounds.ts';
import { coordinatorError, type GroupShard } from './shard.ts';

/** A commit of a member says GROUP_ID_NOT_FOUND from here on, when there is no such group. */
const FIRST_WITH_GROUP_ID_NOT_FOUND = 9;

export type CommitAnswer =
  | { readonly error: ErrorCode }
  | { readonly topics: readonly OffsetCommitResponseTopic[] };

/** Answers once all is replicated, or with what was wrong with the whole commit. */
export function commitOffsets(
  rounds: Rounds,
  request: OffsetCommitRequest,
  by: { readonly apiVersion: number; readonly metadataMaxBytes: number },
  reply: (answer: CommitAnswer) => void,
): void {
  const { shard } = rounds;
  const error = checkCommit(rounds, request, by.apiVersion);
  if (error !== ErrorCode.NONE) return reply({ error });
  const changes: OffsetChange[] = [];
  const topics = request.topics.map(({ name, partitions }) =>
    offsetCommitResponseTopic({
      name,
      partitions: partitions.map(({ partitionIndex, committedMetadata, ...said }) => {
        const tooLong = (committedMetadata?.length ?? 0) > by.metadataMaxBytes;
        if (!tooLong) {
          const value = committed(shard, request, { ...said, committedMetadata });
          const where = { group: request.groupId, topic: name, partition: partitionIndex };
          changes.push({ kind: 'offset', ...where, value });
        }
        const errorCode = tooLong ? ErrorCode.OFFSET_METADATA_TOO_LARGE : ErrorCode.NONE;
        return offsetCommitResponsePartition({ partitionIndex, errorCode });
      }),
    }),
  );
  const settled = (failure: ErrorCode): void =>
    reply(failure === ErrorCode.NONE ? { topics } : { error: coordinatorError(failure) });
  writeOrWait(shard, changes, settled);
}

function writeOrWait(
  shard: GroupShard,
  changes: readonly OffsetChange[],
  settled: (error: ErrorCode) => void,
): void {
  if (changes.length === 0) shard.afterWrites(settled);
  else shard.write(changes.map(offsetRecord), changes, settled);
}

function committed(
  { context }: GroupShard,
  { retentionTimeMs }: OffsetCommitRequest,
  said: {
    readonly committedOffset: number;
    readonly committedLeaderEpoch: number;
    readonly commitTimestamp: number;
    readonly committedMetadata: string | null;
  },
): CommittedOffset {
  const nowMs = context.clock.wallMs();
  return {
    offset: said.committedOffset,
    leaderEpoch: said.committedLeaderEpoch,
    metadata: said.committedMetadata ?? '',
    commitTimeMs: said.commitTimestamp === -1 ? nowMs : said.commitTimestamp,
    expireTimeMs: retentionTimeMs === -1 ? -1 : nowMs + retentionTimeMs,
  };
}

function checkCommit(rounds: Rounds, request: OffsetCommitRequest, apiVersion: number): ErrorCode {
  const { groupId, memberId, groupInstanceId } = request;
  const generation = request.generationIdOrMemberEpoch;
  let group = rounds.shard.groups.get(groupId);
  if (group === undefined) {
    if (generation >= 0) {
      return apiVersion >= FIRST_WITH_GROUP_ID_NOT_FOUND
        ? ErrorCode.GROUP_ID_NOT_FOUND
        : ErrorCode.ILLEGAL_GENERATION;
    }
    // A consumer that is in no group, or an operator: its group has offsets and no members.
    group = rounds.shard.simpleGroup(groupId);
  }
  if (group.state === 'Dead') return ErrorCode.COORDINATOR_NOT_AVAILABLE;
  if (generation < 0 && group.state === 'Empty') return ErrorCode.NONE;
  if (generation < 0 && memberId === '' && groupInstanceId === null) {
    return ErrorCode.UNKNOWN_MEMBER_ID;
  }
  const error = group.checkMember(memberId, groupInstanceId);
  if (error !== ErrorCode.NONE) return error;
  if (generation !== group.generation) return ErrorCode.ILLEGAL_GENERATION;
  if (group.state === 'CompletingRebalance') return ErrorCode.REBALANCE_IN_PROGRESS;
  // A commit shows that the member is alive, too.
  const member = group.members.get(memberId);
  if (member !== undefined) rounds.expectHeartbeat(group, member);
  return ErrorCode.NONE;
}

/** By topic and partition; null: there is no such group. */
export function offsetsOf(shard: GroupShard, groupId: string, point: 'written' | 'committed') {
  const group = shard.groups.get(groupId);
  if (group === undefined || group.state === 'Dead') return null;
  return shard.offsets.ofGroup(groupId, point);
}

/** Takes offsets back that nobody needs; those of subscribed topics stay. */
export function deleteOffsets(
  shard: GroupShard,
  request: OffsetDeleteRequest,
  reply: (answer: OffsetDeleteResponse) => void,
): void {
  const { groupId } = request;
  const group = shard.groups.get(groupId);
  const refuse = (errorCode: ErrorCode): void => reply(offsetDeleteResponse({ errorCode }));
  if (group === undefined || group.state === 'Dead') return refuse(ErrorCode.GROUP_ID_NOT_FOUND);
  if (group.state !== 'Empty' && !group.isConsumerGroup) return refuse(ErrorCode.NON_EMPTY_GROUP);
  const known = shard.offsets.ofGroup(groupId, 'written');
  const changes: OffsetChange[] = [];
  const topics = request.topics.map(({ name, partitions }) => {
    const isSubscribed = group.isSubscribedTo(name);
    const errorCode = isSubscribed ? ErrorCode.GROUP_SUBSCRIBED_TO_TOPIC : ErrorCode.NONE;
    for (const { partitionIndex } of partitions) {
      if (isSubscribed || known?.get(name)?.has(partitionIndex) !== true) continue;
      changes.push(tombstone(groupId, name, partitionIndex));
    }
    return offsetDeleteResponseTopic({
      name,
      partitions: partitions.map(({ partitionIndex }) =>
        offsetDeleteResponsePartition({ partitionIndex, errorCode }),
      ),
    });
  });
  writeOrWait(shard, changes, (error) => {
    if (error === ErrorCode.NONE) reply(offsetDeleteResponse({ topics }));
    else refuse(coordinatorError(error));
  });
}

function tombstone(group: string, topic: string, partition: number): OffsetChange {
  return { kind: 'offset', group, topic, partition, value: null };
}

/** What taking all offsets of a group back changes. */
export function allTombstones(shard: GroupShard, groupId: string): OffsetChange[] {
  const changes: OffsetChange[] = [];
  for (const [topic, partitions] of shard.offsets.ofGroup(groupId, 'written') ?? []) {
    for (const partition of partitions.keys()) changes.push(tombstone(groupId, topic, partition));
  }
  return changes;
}

/** What the deletion of topics takes with it, in all groups. */
export function tombstonesOfTopics(
  shard: GroupShard,
  deleted: ReadonlySet<string>,
): OffsetChange[] {
  const changes: OffsetChange[] = [];
  for (const { group, topic, partitions } of shard.offsets.all()) {
    if (!deleted.has(topic)) continue;
    for (const partition of partitions.keys()) changes.push(tombstone(group, topic, partition));
  }
  return changes;
}

/**
 * Which offsets of a group have outlived offsets.retention.minutes: of an empty group all, counted
 * from when it became empty; of a living one those of topics that it has left, and of a standalone
 * consumer all, counted from their commit.
 */
export function expiredOffsets(
  group: ClassicGroup,
  shard: GroupShard,
  limits: ExpiryLimits,
): { readonly changes: OffsetChange[]; readonly isAll: boolean } {
  const offsets = shard.offsets.ofGroup(group.groupId, 'written');
  if (offsets === null) return { changes: [], isAll: true };
  const sinceMs = expiryBase(group);
  const changes: OffsetChange[] = [];
  let isAll = true;
  for (const [topic, partitions] of offsets) {
    const isSubscribed = group.isSubscribedTo(topic);
    for (const [partition, value] of partitions) {
      const unneeded = sinceMs !== null && !isSubscribed;
      const expired = unneeded
        ? isOver(value, sinceMs(value), limits)
        : limits.rule.expires({
            partition: `${topic}-${partition}`,
            isOld: isOver(value, value.commitTimeMs, limits),
            isRebalancing: group.isRebalancing,
            isSubscribed,
          });
      if (expired) changes.push(tombstone(group.groupId, topic, partition));
      else isAll = false;
    }
  }
  return { changes, isAll };
}

export interface ExpiryLimits {
  readonly nowMs: number;
  readonly retentionMs: number;
  readonly rule: OffsetExpiryRule;
}

function isOver(
  { expireTimeMs }: CommittedOffset,
  sinceMs: number,
  { nowMs, retentionMs }: ExpiryLimits,
): boolean {
  return expireTimeMs >= 0 ? nowMs >= expireTimeMs : nowMs - sinceMs >= retentionMs;
}

/** null: none of its offsets expires now. */
function expiryBase(group: ClassicGroup): ((value: CommittedOffset) => number) | null {
  const byCommit = ({ commitTimeMs }: CommittedOffset): number => commitTimeMs;
  if (group.protocolType === null) return byCommit;
  if (group.state === 'Empty') {
    return (value) => group.stateSinceMs ?? value.commitTimeMs;
  }
  const knowsTopics = group.isConsumerGroup && group.subscribed !== null;
  return knowsTopics && group.state === 'Stable' ? byCommit : null;
}
