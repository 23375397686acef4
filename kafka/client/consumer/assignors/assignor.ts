/**
 * What an assignor is: from what the members of a generation have said of themselves and how many
 * partitions their topics have, it gives every partition to one of them. The leader of the
 * generation does this, in the client (Kafka: ConsumerPartitionAssignor).
 */
import type { TopicPartition } from '../../commands.ts';

export interface MemberSubscription {
  readonly memberId: string;
  readonly instanceId: string | null;
  readonly topics: readonly string[];
  /** What it held when it joined; empty with eager protocols, which give all up before. */
  readonly owned: readonly TopicPartition[];
  /** In which generation it held that; -1: not told. */
  readonly generation: number;
  /** What the assignor itself had it say. */
  readonly userData: Uint8Array | null;
}

/** By member id; each member is in it. */
export type Assignments = Map<string, TopicPartition[]>;

/** How many partitions a topic has; 0: not known. */
export type PartitionCounts = (topic: string) => number;

/** What a member was given last, which sticky assignors let it say when it joins again. */
export interface LastAssignment {
  readonly partitions: readonly TopicPartition[];
  readonly generation: number;
}

export interface Assignor {
  readonly name: string;
  /** cooperative: members keep what they hold while a round goes on (KIP-429). */
  readonly protocol: 'eager' | 'cooperative';
  userData(last: LastAssignment | null): Uint8Array | null;
  assign(members: readonly MemberSubscription[], countOf: PartitionCounts): Assignments;
}

/** Static members first, by instance id, then the others by member id. */
export function inOrder(members: readonly MemberSubscription[]): MemberSubscription[] {
  return [...members].sort((a, b) => {
    if (a.instanceId !== null && b.instanceId !== null) return compare(a.instanceId, b.instanceId);
    if (a.instanceId !== null) return -1;
    if (b.instanceId !== null) return 1;
    return compare(a.memberId, b.memberId);
  });
}

export function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

export function nobodyHasAny(members: readonly MemberSubscription[]): Assignments {
  return new Map(members.map(({ memberId }) => [memberId, []]));
}

/** Every topic that somebody subscribes to, sorted. */
export function allTopics(members: readonly MemberSubscription[]): string[] {
  return [...new Set(members.flatMap(({ topics }) => topics))].sort(compare);
}

/** All partitions of these topics, by topic and number. */
export function partitionsOf(topics: readonly string[], countOf: PartitionCounts) {
  return topics.flatMap((topic) =>
    Array.from(
      { length: countOf(topic) },
      (_, partition): TopicPartition => ({ topic, partition }),
    ),
  );
}

export function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}-${partition}`;
}
