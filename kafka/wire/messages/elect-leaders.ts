/** ElectLeaders, API key 43: asks for preferred or unclean elections (KIP-460). */
import { int8, int16, int32, int32s, request, response, string, structs } from '../schema.ts';

export const electLeadersRequest = request({
  key: 43,
  name: 'ElectLeadersRequest',
  versions: '0-2',
  flexible: '2+',
  fields: {
    electionType: int8('1+'),
    topicPartitions: structs('0+', {
      of: 'TopicPartitions',
      nullable: '0+',
      fields: {
        topic: string('0+', { mapKey: true }),
        partitions: int32s('0+'),
      },
    }),
    timeoutMs: int32('0+', { default: 60000 }),
  },
});

export const electLeadersResponse = response({
  key: 43,
  name: 'ElectLeadersResponse',
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('1+'),
    replicaElectionResults: structs('0+', {
      of: 'ReplicaElectionResult',
      fields: {
        topic: string('0+'),
        partitionResult: structs('0+', {
          of: 'PartitionResult',
          fields: {
            partitionId: int32('0+'),
            errorCode: int16('0+'),
            errorMessage: string('0+', { nullable: '0+' }),
          },
        }),
      },
    }),
  },
});
