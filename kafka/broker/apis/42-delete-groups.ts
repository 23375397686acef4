/** DeleteGroups (key 42): forgets groups that nobody is in, and their offsets (KIP-229). */
import type { RequestContext } from '../../rpc/request-server.ts';
import type { DeleteGroupsRequest } from '../../wire/generated/delete-groups-request.ts';
import {
  type DeletableGroupResult,
  deletableGroupResult,
  deleteGroupsResponse,
} from '../../wire/generated/delete-groups-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function deleteGroups(broker: BrokerServices) {
  return (context: RequestContext, request: DeleteGroupsRequest): void => {
    const names = [...new Set(request.groupsNames)];
    const results: DeletableGroupResult[] = [];
    if (names.length === 0) return context.respond(deleteGroupsResponse());
    for (const groupId of names) {
      broker.groups.delete(groupId, (errorCode) => {
        results.push(deletableGroupResult({ groupId, errorCode }));
        if (results.length === names.length) context.respond(deleteGroupsResponse({ results }));
      });
    }
  };
}
