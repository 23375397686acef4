/** CreatePartitions, API key 37: adds partitions to topics. */
import { bool, int16, int32, int32s, request, response, string, structs } from '../schema.ts';

export const createPartitionsRequest = request({
  key: 37,
  name: 'CreatePartitionsRequest',
  versions: '0-3',
  flexible: '2+',
  fields: {
    topics: structs('0+', {
      of: 'CreatePartitionsTopic',
      fields: {
        name: string('0+', { mapKey: true }),
        count: int32('0+'),
        assignments: structs('0+', {
          of: 'CreatePartitionsAssignment',
          nullable: '0+',
          fields: {
            brokerIds: int32s('0+'),
          },
        }),
      },
    }),
    timeoutMs: int32('0+'),
    validateOnly: bool('0+'),
  },
});

export const createPartitionsResponse = response({
  key: 37,
  name: 'CreatePartitionsResponse',
  versions: '0-3',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    results: structs('0+', {
      of: 'CreatePartitionsTopicResult',
      fields: {
        name: string('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+', default: null }),
      },
    }),
  },
});
