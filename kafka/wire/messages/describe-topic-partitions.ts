/** DescribeTopicPartitions, API key 75: topics page by page, with ELR (KIP-966). */
import {
  bool,
  int16,
  int32,
  int32s,
  request,
  response,
  string,
  struct,
  structs,
  uuid,
} from '../schema.ts';

export const describeTopicPartitionsRequest = request({
  key: 75,
  name: 'DescribeTopicPartitionsRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    topics: structs('0+', {
      of: 'TopicRequest',
      fields: {
        name: string('0+'),
      },
    }),
    responsePartitionLimit: int32('0+', { default: 2000 }),
    cursor: struct('0+', {
      of: 'Cursor',
      nullable: '0+',
      default: null,
      fields: {
        topicName: string('0+'),
        partitionIndex: int32('0+'),
      },
    }),
  },
});

export const describeTopicPartitionsResponse = response({
  key: 75,
  name: 'DescribeTopicPartitionsResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+', { ignorable: true }),
    topics: structs('0+', {
      of: 'DescribeTopicPartitionsResponseTopic',
      fields: {
        errorCode: int16('0+'),
        name: string('0+', { nullable: '0+', mapKey: true }),
        topicId: uuid('0+', { ignorable: true }),
        isInternal: bool('0+', { default: false, ignorable: true }),
        partitions: structs('0+', {
          of: 'DescribeTopicPartitionsResponsePartition',
          fields: {
            errorCode: int16('0+'),
            partitionIndex: int32('0+'),
            leaderId: int32('0+'),
            leaderEpoch: int32('0+', { default: -1, ignorable: true }),
            replicaNodes: int32s('0+'),
            isrNodes: int32s('0+'),
            eligibleLeaderReplicas: int32s('0+', {
              nullable: '0+',
              default: null,
            }),
            lastKnownElr: int32s('0+', { nullable: '0+', default: null }),
            offlineReplicas: int32s('0+', { ignorable: true }),
          },
        }),
        topicAuthorizedOperations: int32('0+', { default: -2147483648 }),
      },
    }),
    nextCursor: struct('0+', {
      of: 'Cursor',
      nullable: '0+',
      default: null,
      fields: {
        topicName: string('0+'),
        partitionIndex: int32('0+'),
      },
    }),
  },
});
