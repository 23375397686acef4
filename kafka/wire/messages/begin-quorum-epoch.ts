/** BeginQuorumEpoch, API key 53: a new raft leader announces itself (KIP-595). */
import { int16, int32, request, response, string, structs, uint16, uuid } from '../schema.ts';

export const beginQuorumEpochRequest = request({
  key: 53,
  name: 'BeginQuorumEpochRequest',
  versions: '0-1',
  flexible: '1+',
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
            voterDirectoryId: uuid('1+', { ignorable: true }),
            leaderId: int32('0+'),
            leaderEpoch: int32('0+'),
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

export const beginQuorumEpochResponse = response({
  key: 53,
  name: 'BeginQuorumEpochResponse',
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
