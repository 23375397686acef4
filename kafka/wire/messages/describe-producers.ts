/** DescribeProducers, API key 61: producers with state in partitions (KIP-664). */
import { int16, int32, int32s, int64, request, response, string, structs } from '../schema.ts';

export const describeProducersRequest = request({
  key: 61,
  name: 'DescribeProducersRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    topics: structs('0+', {
      of: 'TopicRequest',
      fields: {
        name: string('0+'),
        partitionIndexes: int32s('0+'),
      },
    }),
  },
});

export const describeProducersResponse = response({
  key: 61,
  name: 'DescribeProducersResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    topics: structs('0+', {
      of: 'TopicResponse',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'PartitionResponse',
          fields: {
            partitionIndex: int32('0+'),
            errorCode: int16('0+'),
            errorMessage: string('0+', { nullable: '0+', default: null }),
            activeProducers: structs('0+', {
              of: 'ProducerState',
              fields: {
                producerId: int64('0+'),
                producerEpoch: int32('0+'),
                lastSequence: int32('0+', { default: -1 }),
                lastTimestamp: int64('0+', { default: -1 }),
                coordinatorEpoch: int32('0+'),
                currentTxnStartOffset: int64('0+', { default: -1 }),
              },
            }),
          },
        }),
      },
    }),
  },
});
