/**
 * OffsetForLeaderEpoch, API key 23: where a leader epoch ends in the leader's log (KIP-101,
 * KIP-320).
 */
import { int16, int32, int64, request, response, string, structs } from '../schema.ts';

export const offsetForLeaderEpochRequest = request({
  key: 23,
  name: 'OffsetForLeaderEpochRequest',
  versions: '0-4',
  flexible: '4+',
  fields: {
    replicaId: int32('3+', { default: -2, ignorable: true }),
    topics: structs('0+', {
      of: 'OffsetForLeaderTopic',
      fields: {
        topic: string('0+', { mapKey: true }),
        partitions: structs('0+', {
          of: 'OffsetForLeaderPartition',
          fields: {
            partition: int32('0+'),
            currentLeaderEpoch: int32('2+', { default: -1, ignorable: true }),
            leaderEpoch: int32('0+'),
          },
        }),
      },
    }),
  },
});

export const offsetForLeaderEpochResponse = response({
  key: 23,
  name: 'OffsetForLeaderEpochResponse',
  versions: '0-4',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32('2+', { ignorable: true }),
    topics: structs('0+', {
      of: 'OffsetForLeaderTopicResult',
      fields: {
        topic: string('0+', { mapKey: true }),
        partitions: structs('0+', {
          of: 'EpochEndOffset',
          fields: {
            errorCode: int16('0+'),
            partition: int32('0+'),
            leaderEpoch: int32('1+', { default: -1, ignorable: true }),
            endOffset: int64('0+', { default: -1 }),
          },
        }),
      },
    }),
  },
});
