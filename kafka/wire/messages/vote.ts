/** Vote, API key 52: a raft candidate asks for a vote (KIP-595; KIP-996 pre-vote in version 2). */
import {
  bool,
  int16,
  int32,
  int64,
  request,
  response,
  string,
  structs,
  uint16,
  uuid,
} from '../schema.ts';

export const voteRequest = request({
  key: 52,
  name: 'VoteRequest',
  versions: '0-2',
  flexible: '0+',
  fields: {
    clusterId: string('0+', { nullable: '0+', default: null }),
    voterId: int32('1+', { default: -1, ignorable: true }),
    topics: structs('0+', {
      of: 'TopicData',
      fields: {
        topicName: string('0+'),
        partitions: structs('0+', {
          of: 'PartitionData',
          fields: {
            partitionIndex: int32('0+'),
            candidateEpoch: int32('0+'),
            candidateId: int32('0+'),
            candidateDirectoryId: uuid('1+', { ignorable: true }),
            voterDirectoryId: uuid('1+', { ignorable: true }),
            lastOffsetEpoch: int32('0+'),
            lastOffset: int64('0+'),
            preVote: bool('2+'),
          },
        }),
      },
    }),
  },
});

export const voteResponse = response({
  key: 52,
  name: 'VoteResponse',
  versions: '0-2',
  flexible: '0+',
  fields: {
    errorCode: int16('0+'),
    topics: structs('0+', {
      of: 'TopicData',
      fields: {
        topicName: string('0+'),
        partitions: structs('0+', {
          of: 'PartitionData',
          fields: {
            partitionIndex: int32('0+'),
            errorCode: int16('0+'),
            leaderId: int32('0+'),
            leaderEpoch: int32('0+'),
            voteGranted: bool('0+'),
          },
        }),
      },
    }),
    nodeEndpoints: structs('1+', {
      of: 'NodeEndpoint',
      tag: 0,
      fields: {
        nodeId: int32('1+', { mapKey: true }),
        host: string('1+'),
        port: uint16('1+'),
      },
    }),
  },
});
