/** RemoveRaftVoter, API key 81: takes a controller out of the metadata quorum (KIP-853). */
import { int16, int32, request, response, string, uuid } from '../schema.ts';

export const removeRaftVoterRequest = request({
  key: 81,
  name: 'RemoveRaftVoterRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    clusterId: string('0+', { nullable: '0+' }),
    voterId: int32('0+'),
    voterDirectoryId: uuid('0+'),
  },
});

export const removeRaftVoterResponse = response({
  key: 81,
  name: 'RemoveRaftVoterResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+', ignorable: true }),
  },
});
