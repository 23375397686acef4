/** LeaveGroup, API key 13: members leave a classic group. */
import { int16, int32, request, response, string, structs } from '../schema.ts';

export const leaveGroupRequest = request({
  key: 13,
  name: 'LeaveGroupRequest',
  versions: '0-5',
  flexible: '4+',
  fields: {
    groupId: string('0+'),
    memberId: string('0-2'),
    members: structs('3+', {
      of: 'MemberIdentity',
      fields: {
        memberId: string('3+'),
        groupInstanceId: string('3+', { nullable: '3+', default: null }),
        reason: string('5+', {
          nullable: '5+',
          default: null,
          ignorable: true,
        }),
      },
    }),
  },
});

export const leaveGroupResponse = response({
  key: 13,
  name: 'LeaveGroupResponse',
  versions: '0-5',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('0+'),
    members: structs('3+', {
      of: 'MemberResponse',
      fields: {
        memberId: string('3+'),
        groupInstanceId: string('3+', { nullable: '3+' }),
        errorCode: int16('3+'),
      },
    }),
  },
});
