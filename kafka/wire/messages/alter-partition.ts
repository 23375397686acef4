/**
 * AlterPartition, API key 56: a partition leader proposes an ISR to the controller (KIP-497,
 * KIP-903).
 */
import {
  int8,
  int16,
  int32,
  int32s,
  int64,
  request,
  response,
  string,
  structs,
  uuid,
} from '../schema.ts';

export const alterPartitionRequest = request({
  key: 56,
  name: 'AlterPartitionRequest',
  versions: '0-3',
  flexible: '0+',
  fields: {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+', { default: -1 }),
    topics: structs('0+', {
      of: 'TopicData',
      fields: {
        topicName: string('0-1', { ignorable: true }),
        topicId: uuid('2+', { ignorable: true }),
        partitions: structs('0+', {
          of: 'PartitionData',
          fields: {
            partitionIndex: int32('0+'),
            leaderEpoch: int32('0+'),
            newIsr: int32s('0-2'),
            newIsrWithEpochs: structs('3+', {
              of: 'BrokerState',
              fields: {
                brokerId: int32('3+'),
                brokerEpoch: int64('3+', { default: -1 }),
              },
            }),
            leaderRecoveryState: int8('1+', { default: 0 }),
            partitionEpoch: int32('0+'),
          },
        }),
      },
    }),
  },
});

export const alterPartitionResponse = response({
  key: 56,
  name: 'AlterPartitionResponse',
  versions: '0-3',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    topics: structs('0+', {
      of: 'TopicData',
      fields: {
        topicName: string('0-1', { ignorable: true }),
        topicId: uuid('2+', { ignorable: true }),
        partitions: structs('0+', {
          of: 'PartitionData',
          fields: {
            partitionIndex: int32('0+'),
            errorCode: int16('0+'),
            leaderId: int32('0+'),
            leaderEpoch: int32('0+'),
            isr: int32s('0+'),
            leaderRecoveryState: int8('1+', { default: 0, ignorable: true }),
            partitionEpoch: int32('0+'),
          },
        }),
      },
    }),
  },
});
