/** UpdateRaftVoter, API key 82: a voter tells the leader where it listens now (KIP-853). */
import {
  int16,
  int32,
  request,
  response,
  string,
  struct,
  structs,
  uint16,
  uuid,
} from '../schema.ts';

export const updateRaftVoterRequest = request({
  key: 82,
  name: 'UpdateRaftVoterRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    clusterId: string('0+', { nullable: '0+' }),
    currentLeaderEpoch: int32('0+'),
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
    kRaftVersionFeature: struct('0+', {
      of: 'KRaftVersionFeature',
      fields: {
        minSupportedVersion: int16('0+'),
        maxSupportedVersion: int16('0+'),
      },
    }),
  },
});

export const updateRaftVoterResponse = response({
  key: 82,
  name: 'UpdateRaftVoterResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    currentLeader: struct('0+', {
      of: 'CurrentLeader',
      tag: 0,
      fields: {
        leaderId: int32('0+', { default: -1 }),
        leaderEpoch: int32('0+', { default: -1 }),
        host: string('0+'),
        port: int32('0+'),
      },
    }),
  },
});
