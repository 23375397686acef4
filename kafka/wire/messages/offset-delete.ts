/** OffsetDelete, API key 47: deletes positions of a group (KIP-496). */
import { int16, int32, request, response, string, structs } from '../schema.ts';

export const offsetDeleteRequest = request({
  key: 47,
  name: 'OffsetDeleteRequest',
  versions: '0',
  flexible: 'none',
  fields: {
    groupId: string('0+'),
    topics: structs('0+', {
      of: 'OffsetDeleteRequestTopic',
      fields: {
        name: string('0+', { mapKey: true }),
        partitions: structs('0+', {
          of: 'OffsetDeleteRequestPartition',
          fields: {
            partitionIndex: int32('0+'),
          },
        }),
      },
    }),
  },
});

export const offsetDeleteResponse = response({
  key: 47,
  name: 'OffsetDeleteResponse',
  versions: '0',
  flexible: 'none',
  fields: {
    errorCode: int16('0+'),
    throttleTimeMs: int32('0+', { ignorable: true }),
    topics: structs('0+', {
      of: 'OffsetDeleteResponseTopic',
      fields: {
        name: string('0+', { mapKey: true }),
        partitions: structs('0+', {
          of: 'OffsetDeleteResponsePartition',
          fields: {
            partitionIndex: int32('0+', { mapKey: true }),
            errorCode: int16('0+'),
          },
        }),
      },
    }),
  },
});
