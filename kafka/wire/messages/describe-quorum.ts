/** DescribeQuorum, API key 55: raft leader, voters and observers with their positions (KIP-836). */
import {
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

export const describeQuorumRequest = request({
  key: 55,
  name: 'DescribeQuorumRequest',
  versions: '0-2',
  flexible: '0+',
  fields: {
    topics: structs('0+', {
      of: 'TopicData',
      fields: {
        topicName: string('0+'),
        partitions: structs('0+', {
          of: 'PartitionData',
          fields: {
            partitionIndex: int32('0+'),
          },
        }),
      },
    }),
  },
});

const replicaState = {
  replicaId: int32('0+'),
  replicaDirectoryId: uuid('2+'),
  logEndOffset: int64('0+'),
  lastFetchTimestamp: int64('1+', { default: -1, ignorable: true }),
  lastCaughtUpTimestamp: int64('1+', { default: -1, ignorable: true }),
};

export const describeQuorumResponse = response({
  key: 55,
  name: 'DescribeQuorumResponse',
  versions: '0-2',
  flexible: '0+',
  fields: {
    errorCode: int16('0+'),
    errorMessage: string('2+', { nullable: '2+', ignorable: true }),
    topics: structs('0+', {
      of: 'TopicData',
      fields: {
        topicName: string('0+'),
        partitions: structs('0+', {
          of: 'PartitionData',
          fields: {
            partitionIndex: int32('0+'),
            errorCode: int16('0+'),
            errorMessage: string('2+', { nullable: '2+', ignorable: true }),
            leaderId: int32('0+'),
            leaderEpoch: int32('0+'),
            highWatermark: int64('0+'),
            currentVoters: structs('0+', {
              of: 'ReplicaState',
              fields: replicaState,
            }),
            observers: structs('0+', {
              of: 'ReplicaState',
              fields: replicaState,
            }),
          },
        }),
      },
    }),
    nodes: structs('2+', {
      of: 'Node',
      fields: {
        nodeId: int32('2+', { mapKey: true }),
        listeners: structs('2+', {
          of: 'Listener',
          fields: {
            name: string('2+', { mapKey: true }),
            host: string('2+'),
            port: uint16('2+'),
          },
        }),
      },
    }),
  },
});
