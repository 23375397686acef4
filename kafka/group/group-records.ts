/**
 * The records of `__consumer_offsets`, byte for byte as Kafka writes them: keys lead with the
 * kind of record as an int16, values with their version (Kafka: GroupCoordinatorRecordHelpers,
 * GroupCoordinatorRecordSerde). A record without a value takes back what its key says.
 */

import { Reader, WireError } from '../base/reader.ts';
import { Writer } from '../base/writer.ts';
import { expectEnd } from '../wire/codec.ts';
import {
  decodeGroupMetadataKey,
  encodeGroupMetadataKey,
} from '../wire/generated/group-metadata-key.ts';
import {
  decodeGroupMetadataValue,
  encodeGroupMetadataValue,
  groupMetadataValue,
  memberMetadata,
} from '../wire/generated/group-metadata-value.ts';
import {
  decodeOffsetCommitKey,
  encodeOffsetCommitKey,
} from '../wire/generated/offset-commit-key.ts';
import {
  decodeOffsetCommitValue,
  encodeOffsetCommitValue,
} from '../wire/generated/offset-commit-value.ts';
import { ClassicGroup } from './classic-group.ts';
import { GroupMember } from './member.ts';

/** The position that a group has committed in a partition. */
export interface CommittedOffset {
  readonly offset: number;
  /** Of the record before it; -1: not told. */
  readonly leaderEpoch: number;
  readonly metadata: string;
  readonly commitTimeMs: number;
  /** -1: it lives as long as offsets.retention.minutes says. */
  readonly expireTimeMs: number;
}

/** One partition's committed offset, or null: none any more. */
export interface OffsetChange {
  readonly kind: 'offset';
  readonly group: string;
  readonly topic: string;
  readonly partition: number;
  readonly value: CommittedOffset | null;
}

/** A group as it was after a round, or null: it is gone. */
export interface GroupChange {
  readonly kind: 'group';
  readonly group: string;
  readonly value: ClassicGroup | null;
}

export interface RawRecord {
  readonly key: Uint8Array;
  readonly value: Uint8Array | null;
}

const OFFSET_KEY_VERSION = 1;
const GROUP_KEY_VERSION = 2;
const OFFSET_VALUE_VERSION = 3;
/** The one that has a time of expiry for each offset (commits of versions 2 to 4 of the API). */
const EXPIRING_OFFSET_VALUE_VERSION = 1;
const GROUP_VALUE_VERSION = 3;

const writer = new Writer();

function versioned(version: number, write: () => void): Uint8Array {
  writer.begin();
  writer.int16(version);
  write();
  return writer.finish();
}

export function offsetRecord({ group, topic, partition, value }: OffsetChange): RawRecord {
  const key = versioned(OFFSET_KEY_VERSION, () =>
    encodeOffsetCommitKey(writer, { group, topic, partition }, OFFSET_KEY_VERSION),
  );
  if (value === null) return { key, value: null };
  const expires = value.expireTimeMs >= 0;
  const version = expires ? EXPIRING_OFFSET_VALUE_VERSION : OFFSET_VALUE_VERSION;
  const body = {
    offset: value.offset,
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    commitTimestamp: value.commitTimeMs,
    expireTimestamp: value.expireTimeMs,
  };
  return {
    key,
    value: versioned(version, () => encodeOffsetCommitValue(writer, body, version)),
  };
}

/** The group with these assignments, by member id. */
export function groupRecord(
  group: ClassicGroup,
  assignments: ReadonlyMap<string, Uint8Array>,
): RawRecord {
  const value = groupMetadataValue({
    protocolType: group.protocolType ?? '',
    generation: group.generation,
    protocol: group.protocolName,
    leader: group.leaderId,
    currentStateTimestamp: group.stateSinceMs ?? -1,
    members: [...group.members.values()].map((member) =>
      memberMetadata({
        memberId: member.memberId,
        groupInstanceId: member.instanceId,
        clientId: member.clientId,
        clientHost: member.clientHost,
        rebalanceTimeout: member.rebalanceTimeoutMs,
        sessionTimeout: member.sessionTimeoutMs,
        subscription: member.metadataOf(group.protocolName ?? ''),
        assignment: assignments.get(member.memberId) ?? member.assignment,
      }),
    ),
  });
  return groupValue(group.groupId, value);
}

/** What is written when a group comes to be: nobody is in it yet. */
export function newGroupRecord(group: ClassicGroup): RawRecord {
  const currentStateTimestamp = group.stateSinceMs ?? -1;
  return groupValue(
    group.groupId,
    groupMetadataValue({ generation: 0, protocol: null, leader: null, currentStateTimestamp }),
  );
}

function groupValue(groupId: string, value: Parameters<typeof encodeGroupMetadataValue>[1]) {
  return {
    key: groupKey(groupId),
    value: versioned(GROUP_VALUE_VERSION, () =>
      encodeGroupMetadataValue(writer, value, GROUP_VALUE_VERSION),
    ),
  };
}

export function groupTombstone(groupId: string): RawRecord {
  return { key: groupKey(groupId), value: null };
}

function groupKey(group: string): Uint8Array {
  return versioned(GROUP_KEY_VERSION, () =>
    encodeGroupMetadataKey(writer, { group }, GROUP_KEY_VERSION),
  );
}

/** null: a kind of record that this coordinator does not know, such as newer group protocols'. */
export function decodeGroupRecord(record: RawRecord): OffsetChange | GroupChange | null {
  const reader = new Reader(record.key);
  const version = reader.int16();
  if (version <= OFFSET_KEY_VERSION) {
    const { group, topic, partition } = decodeOffsetCommitKey(reader, version);
    const value = record.value === null ? null : decodeOffset(record.value);
    return { kind: 'offset', group, topic, partition, value };
  }
  if (version !== GROUP_KEY_VERSION) return null;
  const { group } = decodeGroupMetadataKey(reader, version);
  const value = record.value === null ? null : decodeGroup(group, record.value);
  return { kind: 'group', group, value };
}

function decodeOffset(bytes: Uint8Array): CommittedOffset {
  const reader = new Reader(bytes);
  const value = decodeOffsetCommitValue(reader, reader.int16());
  expectEnd(reader, 'OffsetCommitValue');
  return {
    offset: value.offset,
    leaderEpoch: value.leaderEpoch,
    metadata: value.metadata,
    commitTimeMs: value.commitTimestamp,
    expireTimeMs: value.expireTimestamp,
  };
}

function decodeGroup(groupId: string, bytes: Uint8Array): ClassicGroup {
  const reader = new Reader(bytes);
  const value = decodeGroupMetadataValue(reader, reader.int16());
  expectEnd(reader, 'GroupMetadataValue');
  const protocolType = value.protocolType === '' ? null : value.protocolType;
  const { currentStateTimestamp } = value;
  const group = new ClassicGroup(groupId, {
    state: value.members.length === 0 ? 'Empty' : 'Stable',
    generation: value.generation,
    protocolType,
    protocolName: value.protocol,
    leaderId: value.leader,
    stateSinceMs: currentStateTimestamp === -1 ? null : currentStateTimestamp,
  });
  for (const one of value.members) {
    if (value.protocol === null || protocolType === null) {
      throw new WireError('invalid-value', `group ${groupId} has members and no protocol`);
    }
    const { sessionTimeout: sessionTimeoutMs, rebalanceTimeout } = one;
    const details = {
      memberId: one.memberId,
      instanceId: one.groupInstanceId,
      clientId: one.clientId,
      clientHost: one.clientHost,
      rebalanceTimeoutMs: rebalanceTimeout === -1 ? sessionTimeoutMs : rebalanceTimeout,
      sessionTimeoutMs,
      protocolType,
      protocols: [{ name: value.protocol, metadata: one.subscription.slice() }],
    };
    group.add(new GroupMember(details, one.assignment.slice()), null);
  }
  group.leaderId = value.leader;
  group.learnSubscription();
  return group;
}
