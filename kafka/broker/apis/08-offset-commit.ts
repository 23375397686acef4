/**
 * OffsetCommit (key 8): stores where a group stands (Kafka: KafkaApis.handleOffsetCommitRequest).
 * Partitions that do not exist are refused here; the rest goes to the group's coordinator.
 */
import { commitOffsets } from '../../group/offset-requests.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type {
  OffsetCommitRequest,
  OffsetCommitRequestTopic,
} from '../../wire/generated/offset-commit-request.ts';
import {
  type OffsetCommitResponseTopic,
  offsetCommitResponse,
  offsetCommitResponsePartition,
  offsetCommitResponseTopic,
} from '../../wire/generated/offset-commit-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function offsetCommit(broker: BrokerServices) {
  return (context: RequestContext, request: OffsetCommitRequest): void => {
    const unknown: OffsetCommitResponseTopic[] = [];
    const topics: OffsetCommitRequestTopic[] = [];
    for (const topic of request.topics) {
      const partitions = broker.metadata.image.topic(topic.name)?.partitions;
      const exists = (index: number): boolean => partitions?.[index] !== undefined;
      const known = topic.partitions.filter((one) => exists(one.partitionIndex));
      const others = topic.partitions.filter((one) => !exists(one.partitionIndex));
      if (known.length > 0) topics.push({ ...topic, partitions: known });
      if (others.length === 0) continue;
      unknown.push(refused({ ...topic, partitions: others }, ErrorCode.UNKNOWN_TOPIC_OR_PARTITION));
    }
    const respond = (answered: readonly OffsetCommitResponseTopic[]): void =>
      context.respond(offsetCommitResponse({ topics: merged([...unknown, ...answered]) }));
    if (topics.length === 0) return respond([]);
    const refuse = (error: ErrorCode): void => respond(topics.map((one) => refused(one, error)));
    const served = broker.groups.find(request.groupId);
    if (typeof served === 'number') return refuse(served);
    const metadataMaxBytes = broker.config.get('offset.metadata.max.bytes');
    const by = { apiVersion: context.apiVersion, metadataMaxBytes };
    commitOffsets(served.rounds, { ...request, topics }, by, (answer) => {
      if ('error' in answer) refuse(answer.error);
      else respond(answer.topics);
    });
  };
}

function refused(
  { name, partitions }: OffsetCommitRequestTopic,
  errorCode: ErrorCode,
): OffsetCommitResponseTopic {
  return offsetCommitResponseTopic({
    name,
    partitions: partitions.map(({ partitionIndex }) =>
      offsetCommitResponsePartition({ partitionIndex, errorCode }),
    ),
  });
}

/** One entry for each topic. */
function merged(topics: readonly OffsetCommitResponseTopic[]): OffsetCommitResponseTopic[] {
  const byName = new Map<string, OffsetCommitResponseTopic>();
  for (const topic of topics) {
    const known = byName.get(topic.name);
    if (known === undefined) byName.set(topic.name, topic);
    else
      byName.set(topic.name, { ...known, partitions: [...known.partitions, ...topic.partitions] });
  }
  return [...byName.values()];
}
