/**
 * The heart of the sticky assignors: as even as subscriptions allow, and then as close to what
 * members held as can be. Of a partition that two members say they hold, the newer generation
 * counts; if both say the same generation neither does (KAFKA-12984, KAFKA-13715). The result has
 * the properties of Kafka's AbstractStickyAssignor; its steps are simpler.
 */
import type { TopicPartition } from '../../commands.ts';
import {
  type Assignments,
  allTopics,
  inOrder,
  type MemberSubscription,
  nameOf,
  type PartitionCounts,
  partitionsOf,
} from './assignor.ts';

/** What a member says it holds, and since which generation. */
export interface Claim {
  readonly memberId: string;
  readonly generation: number;
  readonly partitions: readonly TopicPartition[];
}

interface Place {
  readonly member: MemberSubscription;
  readonly topics: ReadonlySet<string>;
  readonly held: TopicPartition[];
}

export function assignEvenly(
  members: readonly MemberSubscription[],
  claims: readonly Claim[],
  countOf: PartitionCounts,
): Assignments {
  const places = inOrder(members).map(
    (member): Place => ({ member, topics: new Set(member.topics), held: [] }),
  );
  const all = partitionsOf(allTopics(members), countOf);
  const owners = ownersBy(claims);
  const free: TopicPartition[] = [];
  for (const partition of all) {
    const owner = owners.get(nameOf(partition));
    const place = places.find(({ member }) => member.memberId === owner);
    if (place?.topics.has(partition.topic)) place.held.push(partition);
    else free.push(partition);
  }
  // Partitions that few may have come first, or they could find only full members.
  const candidates = (topic: string): number =>
    places.filter(({ topics }) => topics.has(topic)).length;
  const byTopic = new Map(allTopics(members).map((topic) => [topic, candidates(topic)]));
  free.sort((a, b) => (byTopic.get(a.topic) ?? 0) - (byTopic.get(b.topic) ?? 0));
  for (const partition of free) leastLoaded(places, partition.topic)?.held.push(partition);
  while (moveOne(places));
  return new Map(places.map(({ member, held }) => [member.memberId, held]));
}

/** By partition; of claims of the newest generation that contradict each other none counts. */
function ownersBy(claims: readonly Claim[]): ReadonlyMap<string, string> {
  const newest = new Map<string, { generation: number; owner: string | null }>();
  for (const { memberId, generation, partitions } of claims) {
    for (const partition of partitions) {
      const name = nameOf(partition);
      const known = newest.get(name);
      if (known === undefined || known.generation < generation) {
        newest.set(name, { generation, owner: memberId });
      } else if (known.generation === generation) known.owner = null;
    }
  }
  const owners = new Map<string, string>();
  for (const [name, { owner }] of newest) if (owner !== null) owners.set(name, owner);
  return owners;
}

function leastLoaded(places: readonly Place[], topic: string): Place | undefined {
  let least: Place | undefined;
  for (const place of places) {
    if (!place.topics.has(topic)) continue;
    if (least === undefined || place.held.length < least.held.length) least = place;
  }
  return least;
}

/** Moves a partition to a member that has at least two fewer; false when nobody has. */
function moveOne(places: readonly Place[]): boolean {
  const fullestFirst = [...places].sort((a, b) => b.held.length - a.held.length);
  for (const from of fullestFirst) {
    for (let i = from.held.length - 1; i >= 0; i--) {
      const partition = from.held[i] as TopicPartition;
      const to = leastLoaded(places, partition.topic);
      if (to === undefined || to.held.length + 1 >= from.held.length) continue;
      from.held.splice(i, 1);
      to.held.push(partition);
      return true;
    }
  }
  return false;
}
