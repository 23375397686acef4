/** OffsetDelete (key 47): forgets offsets of topics that a group has left (KIP-496). */
import { deleteOffsets } from '../../group/offset-requests.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { OffsetDeleteRequest } from '../../wire/generated/offset-delete-request.ts';
import {
  offsetDeleteResponse,
  offsetDeleteResponsePartition,
  offsetDeleteResponseTopic,
} from '../../wire/generated/offset-delete-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function offsetDelete(broker: BrokerServices) {
  return (context: RequestContext, request: OffsetDeleteRequest): void => {
    const { image } = broker.metadata;
    const known = request.topics.filter(({ name }) => image.topic(name) !== undefined);
    const errorCode = ErrorCode.UNKNOWN_TOPIC_OR_PARTITION;
    const unknown = request.topics
      .filter(({ name }) => image.topic(name) === undefined)
      .map(({ name, partitions }) =>
        offsetDeleteResponseTopic({
          name,
          partitions: partitions.map(({ partitionIndex }) =>
            offsetDeleteResponsePartition({ partitionIndex, errorCode }),
          ),
        }),
      );
    const served = broker.groups.find(request.groupId);
    if (typeof served === 'number') {
      return context.respond(offsetDeleteResponse({ errorCode: served }));
    }
    deleteOffsets(served.shard, { ...request, topics: known }, (answer) =>
      context.respond({ ...answer, topics: [...unknown, ...answer.topics] }),
    );
  };
}
