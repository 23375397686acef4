/** Values of raft control records (KIP-595, KIP-630, KIP-853). */
import { data, int16, int32, int64, string, struct, structs, uint16, uuid } from '../schema.ts';

const voter = {
  voterId: int32('0+'),
  voterDirectoryId: uuid('1+'),
};

export const leaderChangeMessage = data({
  name: 'LeaderChangeMessage',
  versions: '0-1',
  flexible: '0+',
  fields: {
    version: int16('0+'),
    leaderId: int32('0+'),
    voters: structs('0+', { of: 'Voter', fields: voter }),
    grantingVoters: structs('0+', { of: 'Voter', fields: voter }),
  },
});

export const snapshotHeaderRecord = data({
  name: 'SnapshotHeaderRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16('0+'),
    lastContainedLogTimestamp: int64('0+'),
  },
});

export const snapshotFooterRecord = data({
  name: 'SnapshotFooterRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16('0+'),
  },
});

export const kRaftVersionRecord = data({
  name: 'KRaftVersionRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16('0+'),
    kRaftVersion: int16('0+'),
  },
});

export const votersRecord = data({
  name: 'VotersRecord',
  versions: '0',
  flexible: '0+',
  fields: {
    version: int16('0+'),
    voters: structs('0+', {
      of: 'Voter',
      fields: {
        voterId: int32('0+'),
        voterDirectoryId: uuid('0+'),
        endpoints: structs('0+', {
          of: 'Endpoint',
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
    }),
  },
});
