/**
 * OffsetForLeaderEpoch (key 23): where an epoch ended in the leader's log, so that a client can
 * tell whether its position was truncated away (KIP-320).
 */
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type {
  OffsetForLeaderEpochRequest,
  OffsetForLeaderPartition,
} from '../../wire/generated/offset-for-leader-epoch-request.ts';
import {
  type EpochEndOffset,
  epochEndOffset,
  offsetForLeaderEpochResponse,
  offsetForLeaderTopicResult,
} from '../../wire/generated/offset-for-leader-epoch-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function offsetForLeaderEpoch(broker: BrokerServices) {
  return (context: RequestContext, request: OffsetForLeaderEpochRequest): void => {
    const topics = request.topics.map(({ topic, partitions }) =>
      offsetForLeaderTopicResult({
        topic,
        partitions: partitions.map((wanted) => answer(broker, topic, wanted)),
      }),
    );
    context.respond(offsetForLeaderEpochResponse({ topics }));
  };
}

function answer(
  broker: BrokerServices,
  topic: string,
  wanted: OffsetForLeaderPartition,
): EpochEndOffset {
  const { partition: index } = wanted;
  const partition = broker.replicas.partition(topic, index);
  if (partition === null) {
    const errorCode = broker.replicas.missingError(topic, index);
    return epochEndOffset({ partition: index, errorCode });
  }
  const errorCode = partition.checkAccess(wanted.currentLeaderEpoch, true);
  const { log } = partition;
  if (errorCode !== ErrorCode.NONE || log === null) {
    return epochEndOffset({ partition: index, errorCode });
  }
  const end = log.endOffsetForEpoch(wanted.leaderEpoch);
  return epochEndOffset({ partition: index, leaderEpoch: end.epoch, endOffset: end.endOffset });
}
