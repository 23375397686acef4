/** Heartbeat, API key 12: a classic group member is alive. */
import { int16, int32, request, response, string } from '../schema.ts';

export const heartbeatRequest = request({
  key: 12,
  name: 'HeartbeatRequest',
  versions: '0-4',
  flexible: '4+',
  fields: {
    groupId: string('0+'),
    generationId: int32('0+'),
    memberId: string('0+'),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
  },
});

export const heartbeatResponse = response({
  key: 12,
  name: 'HeartbeatResponse',
  versions: '0-4',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('0+'),
  },
});
