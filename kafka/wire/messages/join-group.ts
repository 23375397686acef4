/** JoinGroup, API key 11: a member enters a rebalance of a classic group. */
import { bool, bytes, int16, int32, request, response, string, structs } from '../schema.ts';

export const joinGroupRequest = request({
  key: 11,
  name: 'JoinGroupRequest',
  versions: '0-9',
  flexible: '6+',
  fields: {
    groupId: string('0+'),
    sessionTimeoutMs: int32('0+'),
    rebalanceTimeoutMs: int32('1+', { default: -1, ignorable: true }),
    memberId: string('0+'),
    groupInstanceId: string('5+', { nullable: '5+', default: null }),
    protocolType: string('0+'),
    protocols: structs('0+', {
      of: 'JoinGroupRequestProtocol',
      fields: {
        name: string('0+', { mapKey: true }),
        metadata: bytes('0+'),
      },
    }),
    reason: string('8+', { nullable: '8+', default: null, ignorable: true }),
  },
});

export const joinGroupResponse = response({
  key: 11,
  name: 'JoinGroupResponse',
  versions: '0-9',
  flexible: '6+',
  fields: {
    throttleTimeMs: int32('2+', { ignorable: true }),
    errorCode: int16('0+'),
    generationId: int32('0+', { default: -1 }),
    protocolType: string('7+', {
      nullable: '7+',
      default: null,
      ignorable: true,
    }),
    protocolName: string('0+', { nullable: '7+' }),
    leader: string('0+'),
    skipAssignment: bool('9+', { default: false }),
    memberId: string('0+'),
    members: structs('0+', {
      of: 'JoinGroupResponseMember',
      fields: {
        memberId: string('0+'),
        groupInstanceId: string('5+', {
          nullable: '5+',
          default: null,
          ignorable: true,
        }),
        metadata: bytes('0+'),
      },
    }),
  },
});
