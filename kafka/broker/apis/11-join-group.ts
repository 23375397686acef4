/**
 * JoinGroup (key 11): a member enters a round. The answer comes when the round ends, seconds or
 * minutes later (Kafka: KafkaApis.handleJoinGroupRequest, GroupCoordinatorService.joinGroup).
 */
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { JoinGroupRequest } from '../../wire/generated/join-group-request.ts';
import {
  type JoinGroupResponse,
  joinGroupResponse,
} from '../../wire/generated/join-group-response.ts';
import type { BrokerServices } from '../broker-services.ts';

/** Before, a protocol that is not there is the empty text. */
const FIRST_WITH_NO_PROTOCOL = 7;

export function joinGroup(broker: BrokerServices) {
  return (context: RequestContext, request: JoinGroupRequest): void => {
    const { groupId, memberId, sessionTimeoutMs } = request;
    const respond = (response: JoinGroupResponse): void => {
      const named = context.apiVersion < FIRST_WITH_NO_PROTOCOL ? { protocolName: '' } : {};
      context.respond(response.protocolName === null ? { ...response, ...named } : response);
    };
    const refuse = (errorCode: ErrorCode): void =>
      respond(joinGroupResponse({ memberId, errorCode, protocolName: null }));
    if (groupId === '') return refuse(ErrorCode.INVALID_GROUP_ID);
    const shortestMs = broker.config.get('group.min.session.timeout.ms');
    const longestMs = broker.config.get('group.max.session.timeout.ms');
    if (sessionTimeoutMs < shortestMs || sessionTimeoutMs > longestMs) {
      return refuse(ErrorCode.INVALID_SESSION_TIMEOUT);
    }
    const served = broker.groups.find(groupId);
    if (typeof served === 'number') return refuse(served);
    const { apiVersion, clientId } = context;
    const by = { apiVersion, clientId: clientId ?? '', host: `/${context.peer.host}` };
    served.joins.join(request, by, respond);
  };
}
