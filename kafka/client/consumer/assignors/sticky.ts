/**
 * Even, and as close to the last assignment as can be. Members give everything up before a round,
 * so what they held travels in the assignor's own bytes: the partitions, and since KIP-341 the
 * generation in which they were given (Kafka: StickyAssignor).
 */
import { Reader, WireError } from '../../../base/reader.ts';
import { Writer } from '../../../base/writer.ts';
import type { TopicPartition } from '../../commands.ts';
import type { Assignor, LastAssignment, MemberSubscription } from './assignor.ts';
import { assignEvenly, type Claim } from './balance.ts';
import { byTopic } from './by-topic.ts';

const NO_GENERATION = -1;
const writer = new Writer();

export const stickyAssignor: Assignor = {
  name: 'sticky',
  protocol: 'eager',
  userData: (last) => (last === null ? null : encode(last)),
  assign: (members, countOf) => assignEvenly(members, members.map(claimOf), countOf),
};

function encode({ partitions, generation }: LastAssignment): Uint8Array {
  const topics = byTopic(partitions);
  writer.begin();
  writer.int32(topics.length);
  for (const { topic, partitions: numbers } of topics) {
    writer.string(topic);
    writer.int32(numbers.length);
    for (const partition of numbers) writer.int32(partition);
  }
  writer.int32(generation);
  return writer.finish();
}

/** What cannot be read counts as nothing held. */
function claimOf({ memberId, userData }: MemberSubscription): Claim {
  const nothing: Claim = { memberId, generation: NO_GENERATION, partitions: [] };
  if (userData === null) return nothing;
  const reader = new Reader(userData);
  try {
    const partitions: TopicPartition[] = [];
    for (let topics = reader.arrayLength(6); topics > 0; topics--) {
      const topic = reader.string();
      for (let left = reader.arrayLength(4); left > 0; left--) {
        partitions.push({ topic, partition: reader.int32() });
      }
    }
    // Version 0 ends here.
    const generation = reader.remaining >= 4 ? reader.int32() : NO_GENERATION;
    return { memberId, generation, partitions };
  } catch (problem) {
    if (!(problem instanceof WireError)) throw problem;
    return nothing;
  }
}
