/** AlterPartitionReassignments, API key 45: moves replicas (KIP-455). */
import { int16, int32, int32s, request, response, string, structs } from '../schema.ts';

export const alterPartitionReassignmentsRequest = request({
  key: 45,
  name: 'AlterPartitionReassignmentsRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    timeoutMs: int32('0+', { default: 60000 }),
    topics: structs('0+', {
      of: 'ReassignableTopic',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'ReassignablePartition',
          fields: {
            partitionIndex: int32('0+'),
            replicas: int32s('0+', { nullable: '0+', default: null }),
          },
        }),
      },
    }),
  },
});

export const alterPartitionReassignmentsResponse = response({
  key: 45,
  name: 'AlterPartitionReassignmentsResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    responses: structs('0+', {
      of: 'ReassignableTopicResponse',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'ReassignablePartitionResponse',
          fields: {
            partitionIndex: int32('0+'),
            errorCode: int16('0+'),
            errorMessage: string('0+', { nullable: '0+' }),
          },
        }),
      },
    }),
  },
});
