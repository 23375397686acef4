/** ListPartitionReassignments, API key 46: replica moves under way (KIP-455). */
import { int16, int32, int32s, request, response, string, structs } from '../schema.ts';

export const listPartitionReassignmentsRequest = request({
  key: 46,
  name: 'ListPartitionReassignmentsRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    timeoutMs: int32('0+', { default: 60000 }),
    topics: structs('0+', {
      of: 'ListPartitionReassignmentsTopics',
      nullable: '0+',
      default: null,
      fields: {
        name: string('0+'),
        partitionIndexes: int32s('0+'),
      },
    }),
  },
});

export const listPartitionReassignmentsResponse = response({
  key: 46,
  name: 'ListPartitionReassignmentsResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    topics: structs('0+', {
      of: 'OngoingTopicReassignment',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'OngoingPartitionReassignment',
          fields: {
            partitionIndex: int32('0+'),
            replicas: int32s('0+'),
            addingReplicas: int32s('0+'),
            removingReplicas: int32s('0+'),
          },
        }),
      },
    }),
  },
});
