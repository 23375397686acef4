/**
 * FindCoordinator (key 10): who coordinates groups, one by one or several at a time (KIP-699). The
 * topic of committed offsets is made when somebody asks for the first time; until it has leaders
 * the client is told to come again (Kafka: KafkaApis.handleFindCoordinatorRequest).
 */
import { OFFSETS_TOPIC } from '../../group/group-partition.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode, errorMessage } from '../../wire/errors.ts';
import type { FindCoordinatorRequest } from '../../wire/generated/find-coordinator-request.ts';
import {
  type Coordinator,
  coordinator,
  findCoordinatorResponse,
} from '../../wire/generated/find-coordinator-response.ts';
import type { BrokerServices } from '../broker-services.ts';

const FIRST_WITH_SEVERAL = 4;
const GROUP_KEY = 0;

export function findCoordinator(broker: BrokerServices) {
  return (context: RequestContext, request: FindCoordinatorRequest): void => {
    const { keyType, key, coordinatorKeys } = request;
    // Other types of keys are of transactions and share groups, which nobody coordinates here.
    const find = (group: string): Coordinator =>
      keyType === GROUP_KEY
        ? coordinatorOf(broker, context, group)
        : nobody(group, ErrorCode.INVALID_REQUEST);
    if (context.apiVersion >= FIRST_WITH_SEVERAL) {
      context.respond(findCoordinatorResponse({ coordinators: coordinatorKeys.map(find) }));
      return;
    }
    const { errorCode, nodeId, host, port } = find(key);
    const message = errorCode === ErrorCode.NONE ? 'NONE' : errorMessage(errorCode);
    const where = { nodeId, host, port };
    context.respond(findCoordinatorResponse({ errorCode, errorMessage: message, ...where }));
  };
}

function coordinatorOf(broker: BrokerServices, context: RequestContext, key: string): Coordinator {
  const topic = broker.metadata.image.topic(OFFSETS_TOPIC);
  if (topic === undefined) {
    broker.autoTopics.create([OFFSETS_TOPIC]);
    return nobody(key, ErrorCode.COORDINATOR_NOT_AVAILABLE);
  }
  const leader = topic.partitions[broker.groups.partitionOf(key)]?.leader ?? -1;
  const alive = leader >= 0 && broker.metadata.aliveBrokerEpoch(leader) >= 0;
  const endpoint = alive ? broker.metadata.endpoint(leader, context.listener) : null;
  if (endpoint === null) return nobody(key, ErrorCode.COORDINATOR_NOT_AVAILABLE);
  const { nodeId, host, port } = endpoint;
  return coordinator({ key, nodeId, host, port });
}

function nobody(key: string, errorCode: ErrorCode): Coordinator {
  const where = { nodeId: -1, host: '', port: -1 };
  return coordinator({ key, errorCode, errorMessage: errorMessage(errorCode), ...where });
}
