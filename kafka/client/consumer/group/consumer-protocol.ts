/**
 * Subscriptions and assignments as consumers write them for each other, behind their version
 * (Kafka: ConsumerProtocol). Older versions of others are read; the newest is written.
 */
import { Reader } from '../../../base/reader.ts';
import { Writer } from '../../../base/writer.ts';
import {
  decodeConsumerProtocolAssignment,
  encodeConsumerProtocolAssignment,
} from '../../../wire/generated/consumer-protocol-assignment.ts';
import {
  decodeConsumerProtocolSubscription,
  encodeConsumerProtocolSubscription,
} from '../../../wire/generated/consumer-protocol-subscription.ts';
import type { TopicPartition } from '../../commands.ts';
import type { MemberSubscription } from '../assignors/assignor.ts';
import { byTopic } from '../assignors/by-topic.ts';

export const PROTOCOL_TYPE = 'consumer';
const VERSION = 3;
const writer = new Writer();

/** What the member sends; `generation` is -1 while it holds nothing. */
export function encodeSubscription(
  said: Pick<MemberSubscription, 'topics' | 'owned' | 'generation' | 'userData'>,
): Uint8Array {
  const { topics, owned, generation: generationId, userData } = said;
  const ownedPartitions = byTopic(owned);
  const message = { topics: [...topics], userData, ownedPartitions, generationId, rackId: null };
  writer.begin();
  writer.int16(VERSION);
  encodeConsumerProtocolSubscription(writer, message, VERSION);
  return writer.finish();
}

/** @throws WireError when it is no subscription. */
export function decodeSubscription(
  bytes: Uint8Array,
): Pick<MemberSubscription, 'topics' | 'owned' | 'generation' | 'userData'> {
  const reader = new Reader(bytes);
  const version = Math.min(reader.int16(), VERSION);
  const message = decodeConsumerProtocolSubscription(reader, version);
  const { topics, ownedPartitions, generationId: generation, userData } = message;
  return { topics, owned: flat(ownedPartitions), generation, userData };
}

export function encodeAssignment(partitions: readonly TopicPartition[]): Uint8Array {
  writer.begin();
  writer.int16(VERSION);
  const message = { assignedPartitions: byTopic(partitions), userData: null };
  encodeConsumerProtocolAssignment(writer, message, VERSION);
  return writer.finish();
}

/** @throws WireError when it is no assignment. */
export function decodeAssignment(bytes: Uint8Array): TopicPartition[] {
  const reader = new Reader(bytes);
  const version = Math.min(reader.int16(), VERSION);
  return flat(decodeConsumerProtocolAssignment(reader, version).assignedPartitions);
}

function flat(topics: readonly { topic: string; partitions: number[] }[]): TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) =>
    partitions.map((partition) => ({ topic, partition })),
  );
}
