/**
 * What operators ask about consumer groups and about offsets of logs, and what they hear back
 * (Kafka: Admin's describeConsumerGroups, listConsumerGroupOffsets, listOffsets, …).
 */
import type { TopicPartition } from './commands.ts';

/** -1: behind the last record; -2: the first record; -3: the newest; from 0 on: at or after it. */
export interface OffsetQuery extends TopicPartition {
  readonly timestampMs: number;
}

export interface GroupOffset extends TopicPartition {
  readonly offset: number;
  /** Of the record before; -1: not told. */
  readonly leaderEpoch: number;
  readonly metadata: string;
}

export type GroupCommand =
  | { readonly kind: 'listOffsets'; readonly partitions: readonly OffsetQuery[] }
  /** Empty lists: groups of all states and types. */
  | {
      readonly kind: 'listGroups';
      readonly states: readonly string[];
      readonly types: readonly string[];
    }
  | { readonly kind: 'describeGroup'; readonly group: string }
  | { readonly kind: 'listGroupOffsets'; readonly group: string }
  | {
      readonly kind: 'alterGroupOffsets';
      readonly group: string;
      readonly offsets: readonly GroupOffset[];
    }
  | {
      readonly kind: 'deleteGroupOffsets';
      readonly group: string;
      readonly partitions: readonly TopicPartition[];
    }
  | { readonly kind: 'deleteGroup'; readonly group: string };

export interface FoundOffset extends TopicPartition {
  readonly error: string;
  /** -1: there is none. */
  readonly offset: number;
  /** Of the record there; -1 when it was not asked for by time. */
  readonly timestampMs: number;
}

export interface GroupListing {
  readonly group: string;
  readonly protocolType: string;
  /** '' where the broker does not tell. */
  readonly state: string;
  readonly type: string;
}

export interface GroupMember {
  readonly memberId: string;
  /** null: not a static member. */
  readonly groupInstanceId: string | null;
  readonly clientId: string;
  readonly host: string;
  readonly assignment: readonly TopicPartition[];
}

export interface GroupDescription {
  readonly group: string;
  /** `Stable`, `Empty`, `PreparingRebalance`, `CompletingRebalance`, `Dead` (there is none). */
  readonly state: string;
  readonly protocolType: string;
  /** The assignor of a consumer group. */
  readonly protocol: string;
  readonly coordinator: number;
  readonly members: readonly GroupMember[];
}

export type GroupCommandResult =
  | { readonly kind: 'offsetsListed'; readonly partitions: readonly FoundOffset[] }
  | { readonly kind: 'groupsListed'; readonly groups: readonly GroupListing[] }
  | { readonly kind: 'groupDescribed'; readonly description: GroupDescription }
  | { readonly kind: 'groupOffsetsListed'; readonly offsets: readonly GroupOffset[] };
