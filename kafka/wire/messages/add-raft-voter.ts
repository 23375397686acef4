/** AddRaftVoter, API key 80: takes a controller into the metadata quorum (KIP-853). */
import { int16, int32, request, response, string, structs, uint16, uuid } from '../schema.ts';

export const addRaftVoterRequest = request({
  key: 80,
  name: 'AddRaftVoterRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    clusterId: string('0+', { nullable: '0+' }),
    timeoutMs: int32('0+'),
    voterId: int32('0+'),
    voterDirectoryId: uuid('0+'),
    listeners: structs('0+', {
      of: 'Listener',
      fields: {
        name: string('0+', { mapKey: true }),
        host: string('0+'),
        port: uint16('0+'),
      },
    }),
  },
});

export const addRaftVoterResponse = response({
  key: 80,
  name: 'AddRaftVoterResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+', ignorable: true }),
  },
});
