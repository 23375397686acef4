/**
 * Heartbeat (key 12): a member is alive (Kafka: GroupCoordinatorService.heartbeat). Like all that
 * a coordinator answers, the answer waits for what was written before it to be replicated.
 */
import { heartbeat as heartbeatOf } from '../../group/member-requests.ts';
import { coordinatorError } from '../../group/shard.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { HeartbeatRequest } from '../../wire/generated/heartbeat-request.ts';
import { heartbeatResponse } from '../../wire/generated/heartbeat-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function heartbeat(broker: BrokerServices) {
  return (context: RequestContext, request: HeartbeatRequest): void => {
    const respond = (errorCode: ErrorCode): void =>
      context.respond(heartbeatResponse({ errorCode }));
    if (request.groupId === '') return respond(ErrorCode.INVALID_GROUP_ID);
    const served = broker.groups.find(request.groupId);
    if (typeof served === 'number') {
      // While the group is being loaded its members live.
      const loading = served === ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
      return respond(loading ? ErrorCode.NONE : served);
    }
    const result = heartbeatOf(served.rounds, request);
    if (result !== ErrorCode.NONE && result !== ErrorCode.REBALANCE_IN_PROGRESS) {
      return respond(result);
    }
    served.shard.afterWrites((error) =>
      respond(error === ErrorCode.NONE ? result : coordinatorError(error)),
    );
  };
}
