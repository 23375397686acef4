/** DescribeProducers (key 61): the idempotent producers that a leader remembers (KIP-664). */
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { DescribeProducersRequest } from '../../wire/generated/describe-producers-request.ts';
import {
  describeProducersResponse,
  type PartitionResponse,
  partitionResponse,
  producerState,
  topicResponse,
} from '../../wire/generated/describe-producers-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function describeProducers(broker: BrokerServices) {
  return (context: RequestContext, request: DescribeProducersRequest): void => {
    const topics = request.topics.map(({ name, partitionIndexes }) =>
      topicResponse({
        name,
        partitions: partitionIndexes.map((index) => describe(broker, name, index)),
      }),
    );
    context.respond(describeProducersResponse({ topics }));
  };
}

function describe(
  broker: BrokerServices,
  topic: string,
  partitionIndex: number,
): PartitionResponse {
  const partition = broker.replicas.partition(topic, partitionIndex);
  if (partition === null) {
    const errorCode = broker.replicas.missingError(topic, partitionIndex);
    return partitionResponse({ partitionIndex, errorCode });
  }
  const { leaderLog } = partition;
  if (leaderLog === null) {
    return partitionResponse({ partitionIndex, errorCode: ErrorCode.NOT_LEADER_OR_FOLLOWER });
  }
  const activeProducers = [];
  for (const producer of leaderLog.producers.all()) {
    activeProducers.push(
      producerState({
        producerId: producer.producerId,
        producerEpoch: producer.producerEpoch,
        lastSequence: producer.lastSequence,
        lastTimestamp: producer.lastTimestampMs,
        coordinatorEpoch: producer.coordinatorEpoch,
        currentTxnStartOffset: producer.currentTxnFirstOffset,
      }),
    );
  }
  return partitionResponse({ partitionIndex, activeProducers });
}
