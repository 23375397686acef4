/** What a model broker answers about groups: one of them coordinates them all. */
import { apis } from '../../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../../kafka/wire/errors.ts';
import {
  coordinator,
  findCoordinatorResponse,
} from '../../../../kafka/wire/generated/find-coordinator-response.ts';
import {
  listedGroup,
  listGroupsResponse,
} from '../../../../kafka/wire/generated/list-groups-response.ts';
import {
  offsetFetchResponse,
  offsetFetchResponseGroup,
  offsetFetchResponsePartition,
  offsetFetchResponsePartitions,
  offsetFetchResponseTopic,
  offsetFetchResponseTopics,
} from '../../../../kafka/wire/generated/offset-fetch-response.ts';
import type { SeenRequest } from './model-cluster.ts';

export interface ModelGroups {
  coordinator: number;
  /** Of the one group `billing`, in partition 0 of `orders`. */
  committedOffset: number;
}

/** null: the request is about something else. */
export function groupAnswer(request: SeenRequest, groups: ModelGroups, forced: number) {
  const { brokerId, version } = request;
  const isHere = brokerId === groups.coordinator;
  switch (request.apiKey) {
    case apis.FindCoordinator.key: {
      const nodeId = groups.coordinator;
      const found = { nodeId, host: `broker-${nodeId}`, port: 9092, errorCode: forced };
      return version >= 4
        ? findCoordinatorResponse({ coordinators: [coordinator({ key: 'billing', ...found })] })
        : findCoordinatorResponse(found);
    }
    case apis.OffsetFetch.key: {
      const errorCode = isHere ? forced : ErrorCode.NOT_COORDINATOR;
      const at = { partitionIndex: 0, committedOffset: groups.committedOffset };
      const name = 'orders';
      if (version < 8) {
        const partitions = [offsetFetchResponsePartition({ ...at, metadata: '' })];
        const topics = errorCode === 0 ? [offsetFetchResponseTopic({ name, partitions })] : [];
        return offsetFetchResponse({ topics, errorCode });
      }
      const partitions = [offsetFetchResponsePartitions({ ...at, metadata: '' })];
      const topics = errorCode === 0 ? [offsetFetchResponseTopics({ name, partitions })] : [];
      const group = offsetFetchResponseGroup({ groupId: 'billing', topics, errorCode });
      return offsetFetchResponse({ groups: [group] });
    }
    case apis.ListGroups.key: {
      const billing = listedGroup({ groupId: `of-broker-${brokerId}`, protocolType: 'consumer' });
      return listGroupsResponse({ groups: [billing], errorCode: forced });
    }
    default:
      return null;
  }
}
