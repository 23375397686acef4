/** DescribeGroups, API key 15: members and state of groups. */
import {
  bool,
  bytes,
  int16,
  int32,
  request,
  response,
  string,
  strings,
  structs,
} from '../schema.ts';

export const describeGroupsRequest = request({
  key: 15,
  name: 'DescribeGroupsRequest',
  versions: '0-5',
  flexible: '5+',
  fields: {
    groups: strings('0+'),
    includeAuthorizedOperations: bool('3+'),
  },
});

export const describeGroupsResponse = response({
  key: 15,
  name: 'DescribeGroupsResponse',
  versions: '0-5',
  flexible: '5+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    groups: structs('0+', {
      of: 'DescribedGroup',
      fields: {
        errorCode: int16('0+'),
        groupId: string('0+'),
        groupState: string('0+'),
        protocolType: string('0+'),
        protocolData: string('0+'),
        members: structs('0+', {
          of: 'DescribedGroupMember',
          fields: {
            memberId: string('0+'),
            groupInstanceId: string('4+', {
              nullable: '4+',
              default: null,
              ignorable: true,
            }),
            clientId: string('0+'),
            clientHost: string('0+'),
            memberMetadata: bytes('0+'),
            memberAssignment: bytes('0+'),
          },
        }),
        authorizedOperations: int32('3+', { default: -2147483648 }),
      },
    }),
  },
});
