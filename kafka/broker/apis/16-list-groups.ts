/**
 * ListGroups (key 16): the groups that this broker coordinates, filtered by state (KIP-518) and
 * type (KIP-848), whose names are taken as they come, large or small.
 */
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { ListGroupsRequest } from '../../wire/generated/list-groups-request.ts';
import { listedGroup, listGroupsResponse } from '../../wire/generated/list-groups-response.ts';
import type { BrokerServices } from '../broker-services.ts';

const GROUP_TYPE = 'classic';

export function listGroups(broker: BrokerServices) {
  return (context: RequestContext, request: ListGroupsRequest): void => {
    const shards = broker.groups.shards();
    if (shards.some((shard) => shard.state === 'loading')) {
      const errorCode = ErrorCode.COORDINATOR_LOAD_IN_PROGRESS;
      return context.respond(listGroupsResponse({ errorCode }));
    }
    const states = wanted(request.statesFilter);
    const types = wanted(request.typesFilter);
    const groups = shards
      .flatMap((shard) => [...shard.groups.values()])
      .filter(({ state }) => states(state) && types(GROUP_TYPE))
      .map(({ groupId, protocolType, state: groupState }) => {
        const groupType = GROUP_TYPE;
        return listedGroup({ groupId, protocolType: protocolType ?? '', groupState, groupType });
      });
    context.respond(listGroupsResponse({ groups }));
  };
}

/** Nothing asked for means everything. */
function wanted(filter: readonly string[]): (value: string) => boolean {
  const values = new Set(filter.map((one) => one.trim().toLowerCase()));
  return (value) => values.size === 0 || values.has(value.toLowerCase());
}
