/** TxnOffsetCommit, API key 28: stores consumer positions as part of a transaction (KIP-98). */
import { int16, int32, int64, request, response, string, structs } from '../schema.ts';

export const txnOffsetCommitRequest = request({
  key: 28,
  name: 'TxnOffsetCommitRequest',
  versions: '0-4',
  flexible: '3+',
  fields: {
    transactionalId: string('0+'),
    groupId: string('0+'),
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    generationId: int32('3+', { default: -1 }),
    memberId: string('3+', { default: '' }),
    groupInstanceId: string('3+', { nullable: '3+', default: null }),
    topics: structs('0+', {
      of: 'TxnOffsetCommitRequestTopic',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'TxnOffsetCommitRequestPartition',
          fields: {
            partitionIndex: int32('0+'),
            committedOffset: int64('0+'),
            committedLeaderEpoch: int32('2+', { default: -1, ignorable: true }),
            committedMetadata: string('0+', { nullable: '0+' }),
          },
        }),
      },
    }),
  },
});

export const txnOffsetCommitResponse = response({
  key: 28,
  name: 'TxnOffsetCommitResponse',
  versions: '0-4',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32('0+'),
    topics: structs('0+', {
      of: 'TxnOffsetCommitResponseTopic',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'TxnOffsetCommitResponsePartition',
          fields: {
            partitionIndex: int32('0+'),
            errorCode: int16('0+'),
          },
        }),
      },
    }),
  },
});
