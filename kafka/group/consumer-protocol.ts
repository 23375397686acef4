/**
 * The little that a coordinator understands of what consumers tell each other: which topics they
 * subscribe to (for keeping offsets) and which partitions they were given (for telling). Newer
 * versions only append fields, so version 0 reads them all (Kafka: ConsumerProtocol).
 */
import { Reader, WireError } from '../base/reader.ts';
import { decodeConsumerProtocolAssignment } from '../wire/generated/consumer-protocol-assignment.ts';
import { decodeConsumerProtocolSubscription } from '../wire/generated/consumer-protocol-subscription.ts';

/** The protocol type of consumers. */
export const CONSUMER_PROTOCOL = 'consumer';

/** null: not a subscription of a consumer. */
export function subscribedTopics(metadata: Uint8Array): readonly string[] | null {
  return read(metadata, (reader) => decodeConsumerProtocolSubscription(reader, 0).topics);
}

/** `orders-0,orders-1`; empty for none, or for what is not an assignment of a consumer. */
export function assignedPartitions(assignment: Uint8Array): string {
  const topics = read(
    assignment,
    (reader) => decodeConsumerProtocolAssignment(reader, 0).assignedPartitions,
  );
  const names = (topics ?? []).flatMap(({ topic, partitions }) =>
    partitions.map((partition) => `${topic}-${partition}`),
  );
  return names.join(',');
}

function read<T>(bytes: Uint8Array, decode: (reader: Reader) => T): T | null {
  const reader = new Reader(bytes);
  try {
    return reader.int16() < 0 ? null : decode(reader);
  } catch (problem) {
    if (!(problem instanceof WireError)) throw problem;
    return null;
  }
}
