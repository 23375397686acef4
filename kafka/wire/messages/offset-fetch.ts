/** OffsetFetch, API key 9: reads the positions of consumer groups. */
import {
  bool,
  int16,
  int32,
  int32s,
  int64,
  request,
  response,
  string,
  structs,
} from '../schema.ts';

export const offsetFetchRequest = request({
  key: 9,
  name: 'OffsetFetchRequest',
  versions: '0-9',
  flexible: '6+',
  fields: {
    groupId: string('0-7'),
    topics: structs('0-7', {
      of: 'OffsetFetchRequestTopic',
      nullable: '2-7',
      fields: {
        name: string('0-7'),
        partitionIndexes: int32s('0-7'),
      },
    }),
    groups: structs('8+', {
      of: 'OffsetFetchRequestGroup',
      fields: {
        groupId: string('8+'),
        memberId: string('9+', {
          nullable: '9+',
          default: null,
          ignorable: true,
        }),
        memberEpoch: int32('9+', { default: -1, ignorable: true }),
        topics: structs('8+', {
          of: 'OffsetFetchRequestTopics',
          nullable: '8+',
          fields: {
            name: string('8+'),
            partitionIndexes: int32s('8+'),
          },
        }),
      },
    }),
    requireStable: bool('7+', { default: false }),
  },
});

export const offsetFetchResponse = response({
  key: 9,
  name: 'OffsetFetchResponse',
  versions: '0-9',
  flexible: '6+',
  fields: {
    throttleTimeMs: int32('3+', { ignorable: true }),
    topics: structs('0-7', {
      of: 'OffsetFetchResponseTopic',
      fields: {
        name: string('0-7'),
        partitions: structs('0-7', {
          of: 'OffsetFetchResponsePartition',
          fields: {
            partitionIndex: int32('0-7'),
            committedOffset: int64('0-7'),
            committedLeaderEpoch: int32('5-7', {
              default: -1,
              ignorable: true,
            }),
            metadata: string('0-7', { nullable: '0-7' }),
            errorCode: int16('0-7'),
          },
        }),
      },
    }),
    errorCode: int16('2-7', { default: 0, ignorable: true }),
    groups: structs('8+', {
      of: 'OffsetFetchResponseGroup',
      fields: {
        groupId: string('8+'),
        topics: structs('8+', {
          of: 'OffsetFetchResponseTopics',
          fields: {
            name: string('8+'),
            partitions: structs('8+', {
              of: 'OffsetFetchResponsePartitions',
              fields: {
                partitionIndex: int32('8+'),
                committedOffset: int64('8+'),
                committedLeaderEpoch: int32('8+', {
                  default: -1,
                  ignorable: true,
                }),
                metadata: string('8+', { nullable: '8+' }),
                errorCode: int16('8+'),
              },
            }),
          },
        }),
        errorCode: int16('8+', { default: 0 }),
      },
    }),
  },
});
