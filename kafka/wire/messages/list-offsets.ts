/** ListOffsets, API key 2: offsets by timestamp, or the ends of a log. */
import {
  int8,
  int16,
  int32,
  int64,
  int64s,
  request,
  response,
  string,
  structs,
} from '../schema.ts';

export const listOffsetsRequest = request({
  key: 2,
  name: 'ListOffsetsRequest',
  versions: '0-10',
  flexible: '6+',
  fields: {
    replicaId: int32('0+'),
    isolationLevel: int8('2+'),
    topics: structs('0+', {
      of: 'ListOffsetsTopic',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'ListOffsetsPartition',
          fields: {
            partitionIndex: int32('0+'),
            currentLeaderEpoch: int32('4+', { default: -1, ignorable: true }),
            timestamp: int64('0+'),
            maxNumOffsets: int32('0', { default: 1 }),
          },
        }),
      },
    }),
    timeoutMs: int32('10+', { ignorable: true }),
  },
});

export const listOffsetsResponse = response({
  key: 2,
  name: 'ListOffsetsResponse',
  versions: '0-10',
  flexible: '6+',
  fields: {
    throttleTimeMs: int32('2+', { ignorable: true }),
    topics: structs('0+', {
      of: 'ListOffsetsTopicResponse',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'ListOffsetsPartitionResponse',
          fields: {
            partitionIndex: int32('0+'),
            errorCode: int16('0+'),
            oldStyleOffsets: int64s('0'),
            timestamp: int64('1+', { default: -1 }),
            offset: int64('1+', { default: -1 }),
            leaderEpoch: int32('4+', { default: -1 }),
          },
        }),
      },
    }),
  },
});
