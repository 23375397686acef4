/** ListGroups at every broker: each knows the groups that it coordinates. */
import type { RpcReply } from '../../rpc/rpc-channel.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode } from '../../wire/errors.ts';
import { listGroupsRequest } from '../../wire/generated/list-groups-request.ts';
import type { ListGroupsResponse } from '../../wire/generated/list-groups-response.ts';
import type { GroupListing } from '../group-commands.ts';
import { coordinatorError, refusal, versionOn } from './coordinator-operation.ts';
import { done, type Operation, unanswered } from './operation.ts';
import { Tour } from './tour.ts';

/** The first versions with states (KIP-518) and types (KIP-848) of groups. */
const STATES_SINCE = 4;
const TYPES_SINCE = 5;

/** An older broker than a filter lists its groups without it. */
export function listGroupsCall(states: readonly string[], types: readonly string[]): Operation {
  const byName = new Map<string, GroupListing>();
  return new Tour({
    name: 'listGroups',
    topics: [],
    plan: ({ brokers }) => brokers.map(({ nodeId }) => nodeId).sort((a, b) => a - b),
    visit: (_broker, channel, limits, ended) => {
      const version = versionOn(channel, apis.ListGroups);
      const statesFilter = version >= STATES_SINCE ? [...states] : [];
      const typesFilter = version >= TYPES_SINCE ? [...types] : [];
      const request = listGroupsRequest({ statesFilter, typesFilter });
      const onReply = (reply: RpcReply<ListGroupsResponse>): void => {
        if (reply.kind !== 'response') return ended(unanswered(reply, false));
        const { errorCode, groups } = reply.body;
        if (errorCode !== ErrorCode.NONE) {
          return ended(coordinatorError(errorCode) ?? refusal(errorCode));
        }
        for (const { groupId, protocolType, groupState, groupType } of groups) {
          const listing = { group: groupId, protocolType, state: groupState, type: groupType };
          byName.set(groupId, listing);
        }
        ended({ kind: 'next' });
      };
      channel.send(apis.ListGroups, request, onReply, limits);
    },
    finish: () => {
      const names = [...byName.keys()].sort();
      const groups = names.flatMap((name) => byName.get(name) ?? []);
      return done({ kind: 'groupsListed', groups });
    },
  });
}
