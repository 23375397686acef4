/**
 * DescribeGroups (key 15): state and members of groups. A group that does not exist is Dead, which
 * is no error; what members said is told of a stable group only (Kafka:
 * GroupMetadataManager.describeGroups).
 */
import type { ClassicGroup } from '../../group/classic-group.ts';
import type { GroupMember } from '../../group/member.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import type { DescribeGroupsRequest } from '../../wire/generated/describe-groups-request.ts';
import {
  type DescribedGroup,
  type DescribedGroupMember,
  describedGroup,
  describedGroupMember,
  describeGroupsResponse,
} from '../../wire/generated/describe-groups-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function describeGroups(broker: BrokerServices) {
  return (context: RequestContext, request: DescribeGroupsRequest): void => {
    const groups = request.groups.map((groupId) => describe(broker, groupId));
    context.respond(describeGroupsResponse({ groups }));
  };
}

function describe(broker: BrokerServices, groupId: string): DescribedGroup {
  const served = broker.groups.find(groupId);
  if (typeof served === 'number') return describedGroup({ groupId, errorCode: served });
  const group = served.shard.groups.get(groupId);
  if (group === undefined) return describedGroup({ groupId, groupState: 'Dead' });
  const stable = group.state === 'Stable';
  return describedGroup({
    groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: stable ? (group.protocolName ?? '') : '',
    members: [...group.members.values()].map((member) => describeMember(group, member)),
  });
}

function describeMember(group: ClassicGroup, member: GroupMember): DescribedGroupMember {
  const { memberId, instanceId: groupInstanceId, clientId, clientHost, assignment } = member;
  const who = { memberId, groupInstanceId, clientId, clientHost };
  if (group.state !== 'Stable' || group.protocolName === null) return describedGroupMember(who);
  const memberMetadata = member.metadataOf(group.protocolName);
  return describedGroupMember({ ...who, memberMetadata, memberAssignment: assignment });
}
