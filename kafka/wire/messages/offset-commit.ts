/** OffsetCommit, API key 8: stores the positions of a consumer group. */
import { int16, int32, int64, request, response, string, structs } from '../schema.ts';

export const offsetCommitRequest = request({
  key: 8,
  name: 'OffsetCommitRequest',
  versions: '0-9',
  flexible: '8+',
  fields: {
    groupId: string('0+'),
    generationIdOrMemberEpoch: int32('1+', { default: -1, ignorable: true }),
    memberId: string('1+', { ignorable: true }),
    groupInstanceId: string('7+', { nullable: '7+', default: null }),
    retentionTimeMs: int64('2-4', { default: -1, ignorable: true }),
    topics: structs('0+', {
      of: 'OffsetCommitRequestTopic',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'OffsetCommitRequestPartition',
          fields: {
            partitionIndex: int32('0+'),
            committedOffset: int64('0+'),
            committedLeaderEpoch: int32('6+', { default: -1, ignorable: true }),
            commitTimestamp: int64('1', { default: -1 }),
            committedMetadata: string('0+', { nullable: '0+' }),
          },
        }),
      },
    }),
  },
});

export const offsetCommitResponse = response({
  key: 8,
  name: 'OffsetCommitResponse',
  versions: '0-9',
  flexible: '8+',
  fields: {
    throttleTimeMs: int32('3+', { ignorable: true }),
    topics: structs('0+', {
      of: 'OffsetCommitResponseTopic',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'OffsetCommitResponsePartition',
          fields: {
            partitionIndex: int32('0+'),
            errorCode: int16('0+'),
          },
        }),
      },
    }),
  },
});
