/** The `quorum-state` file: what a raft node must remember before it acts (KIP-595). */
import { data, int32, int64, string, structs, uuid } from '../schema.ts';

export const quorumStateData = data({
  name: 'QuorumStateData',
  versions: '0-1',
  flexible: '0+',
  fields: {
    clusterId: string('0'),
    leaderId: int32('0+', { default: -1 }),
    leaderEpoch: int32('0+', { default: -1 }),
    votedId: int32('0+', { default: -1 }),
    votedDirectoryId: uuid('1+'),
    appliedOffset: int64('0'),
    currentVoters: structs('0', {
      of: 'Voter',
      nullable: '0',
      fields: {
        voterId: int32('0'),
      },
    }),
  },
});
