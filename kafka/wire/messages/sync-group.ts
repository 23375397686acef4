/** SyncGroup, API key 14: hands out the assignment of a classic group. */
import { bytes, int16, int32, request, response, string, structs } from '../schema.ts';

export const syncGroupRequest = request({
  key: 14,
  name: 'SyncGroupRequest',
  versions: '0-5',
  flexible: '4+',
  fields: {
    groupId: string('0+'),
    generationId: int32('0+'),
    memberId: string('0+'),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
    protocolType: string('5+', {
      nullable: '5+',
      default: null,
      ignorable: true,
    }),
    protocolName: string('5+', {
      nullable: '5+',
      default: null,
      ignorable: true,
    }),
    assignments: structs('0+', {
      of: 'SyncGroupRequestAssignment',
      fields: {
        memberId: string('0+'),
        assignment: bytes('0+'),
      },
    }),
  },
});

export const syncGroupResponse = response({
  key: 14,
  name: 'SyncGroupResponse',
  versions: '0-5',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('0+'),
    protocolType: string('5+', {
      nullable: '5+',
      default: null,
      ignorable: true,
    }),
    protocolName: string('5+', {
      nullable: '5+',
      default: null,
      ignorable: true,
    }),
    assignment: bytes('0+'),
  },
});
