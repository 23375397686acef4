/** DeleteRecords (key 21): raises log start offsets, and waits for the live replicas to follow. */
import { DelayedDeletion } from '../../replication/delayed-deletion.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { DeleteRecordsRequest } from '../../wire/generated/delete-records-request.ts';
import {
  deleteRecordsPartitionResult,
  deleteRecordsResponse,
  deleteRecordsTopicResult,
} from '../../wire/generated/delete-records-response.ts';
import type { BrokerServices } from '../broker-services.ts';
import { isInternalTopic } from '../metadata-view.ts';

export function deleteRecords(broker: BrokerServices) {
  const { replicas } = broker;
  return (context: RequestContext, request: DeleteRecordsRequest): void => {
    const response = deleteRecordsResponse();
    const operation = new DelayedDeletion(replicas.deadlines, () => context.respond(response));
    for (const { name, partitions } of request.topics) {
      const results = partitions.map(({ partitionIndex, offset }) => {
        const lowWatermark = -1;
        const answer = deleteRecordsPartitionResult({ partitionIndex, lowWatermark });
        const partition = replicas.partition(name, partitionIndex);
        if (isInternalTopic(name)) answer.errorCode = ErrorCode.INVALID_TOPIC_EXCEPTION;
        else if (partition === null) answer.errorCode = replicas.missingError(name, partitionIndex);
        else if (partition.log === null) answer.errorCode = partition.unavailable;
        else {
          const deleted = partition.deleteRecords(offset);
          if (deleted.error === ErrorCode.NONE) operation.add(partition, deleted, answer);
          else answer.errorCode = deleted.error;
        }
        return answer;
      });
      response.topics.push(deleteRecordsTopicResult({ name, partitions: results }));
    }
    operation.start(request.timeoutMs);
  };
}
