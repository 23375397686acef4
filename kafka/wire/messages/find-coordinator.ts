/** FindCoordinator, API key 10: which broker coordinates a group or transactional id. */
import { int8, int16, int32, request, response, string, strings, structs } from '../schema.ts';

export const findCoordinatorRequest = request({
  key: 10,
  name: 'FindCoordinatorRequest',
  versions: '0-6',
  flexible: '3+',
  fields: {
    key: string('0-3'),
    keyType: int8('1+', { default: 0 }),
    coordinatorKeys: strings('4+'),
  },
});

export const findCoordinatorResponse = response({
  key: 10,
  name: 'FindCoordinatorResponse',
  versions: '0-6',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('0-3'),
    errorMessage: string('1-3', { nullable: '1-3', ignorable: true }),
    nodeId: int32('0-3'),
    host: string('0-3'),
    port: int32('0-3'),
    coordinators: structs('4+', {
      of: 'Coordinator',
      fields: {
        key: string('4+'),
        nodeId: int32('4+'),
        host: string('4+'),
        port: int32('4+'),
        errorCode: int16('4+'),
        errorMessage: string('4+', { nullable: '4+', ignorable: true }),
      },
    }),
  },
});
