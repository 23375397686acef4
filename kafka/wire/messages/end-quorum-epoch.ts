/** EndQuorumEpoch, API key 54: a raft leader steps down and names successors (KIP-595). */
import {
  int16,
  int32,
  int32s,
  request,
  response,
  string,
  structs,
  uint16,
  uuid,
} from '../schema.ts';

export const endQuorumEpochRequest = request({
  key: 54,
  name: 'EndQuorumEpochRequest',
  versions: '0-1',
  flexible: '1+',
  fields: {
    clusterId: string('0+', { nullable: '0+', default: null }),
    topics: structs('0+', {
      of: 'TopicData',
      fields: {
        topicName: string('0+'),
        partitions: structs('0+', {
          of: 'PartitionData',
          fields: {
            partitionIndex: int32('0+'),
            leaderId: int32('0+'),
            leaderEpoch: int32('0+'),
            preferredSuccessors: int32s('0', { ignorable: true }),
            preferredCandidates: structs('1+', {
              of: 'ReplicaInfo',
              ignorable: true,
              fields: {
                candidateId: int32('1+'),
                candidateDirectoryId: uuid('1+'),
              },
            }),
          },
        }),
      },
    }),
    leaderEndpoints: structs('1+', {
      of: 'LeaderEndpoint',
      ignorable: true,
      fields: {
        name: string('1+', { mapKey: true }),
        host: string('1+'),
        port: uint16('1+'),
      },
    }),
  },
});

export const endQuorumEpochResponse = response({
  key: 54,
  name: 'EndQuorumEpochResponse',
  versions: '0-1',
  flexible: '1+',
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
