/**
 * SyncGroup (key 14): the leader of a generation hands in its assignment, all get theirs once it
 * is stored (Kafka: KafkaApis.handleSyncGroupRequest).
 */
import { syncGroup as sync } from '../../group/member-requests.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { SyncGroupRequest } from '../../wire/generated/sync-group-request.ts';
import { syncGroupResponse } from '../../wire/generated/sync-group-response.ts';
import type { BrokerServices } from '../broker-services.ts';

/** From here on the member says which protocol it believes to have been chosen (KIP-559). */
const FIRST_WITH_PROTOCOL = 5;

export function syncGroup(broker: BrokerServices) {
  return (context: RequestContext, request: SyncGroupRequest): void => {
    const refuse = (errorCode: ErrorCode): void =>
      context.respond(syncGroupResponse({ errorCode }));
    const saysProtocol = request.protocolType !== null && request.protocolName !== null;
    if (context.apiVersion >= FIRST_WITH_PROTOCOL && !saysProtocol) {
      return refuse(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
    }
    if (request.groupId === '') return refuse(ErrorCode.INVALID_GROUP_ID);
    const served = broker.groups.find(request.groupId);
    if (typeof served === 'number') return refuse(served);
    sync(served.rounds, request, (response) => context.respond(response));
  };
}
