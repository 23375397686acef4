/** Metadata, API key 3: brokers, topics and partition leaders (KIP-516 topic ids). */
import { bool, int16, int32, int32s, request, response, string, structs, uuid } from '../schema.ts';

export const metadataRequest = request({
  key: 3,
  name: 'MetadataRequest',
  versions: '0-12',
  flexible: '9+',
  fields: {
    topics: structs('0+', {
      of: 'MetadataRequestTopic',
      nullable: '1+',
      fields: {
        topicId: uuid('10+', { ignorable: true }),
        name: string('0+', { nullable: '10+' }),
      },
    }),
    allowAutoTopicCreation: bool('4+', { default: true }),
    includeClusterAuthorizedOperations: bool('8-10'),
    includeTopicAuthorizedOperations: bool('8+'),
  },
});

export const metadataResponse = response({
  key: 3,
  name: 'MetadataResponse',
  versions: '0-12',
  flexible: '9+',
  fields: {
    throttleTimeMs: int32('3+', { ignorable: true }),
    brokers: structs('0+', {
      of: 'MetadataResponseBroker',
      fields: {
        nodeId: int32('0+', { mapKey: true }),
        host: string('0+'),
        port: int32('0+'),
        rack: string('1+', { nullable: '1+', default: null, ignorable: true }),
      },
    }),
    clusterId: string('2+', { nullable: '2+', default: null, ignorable: true }),
    controllerId: int32('1+', { default: -1, ignorable: true }),
    topics: structs('0+', {
      of: 'MetadataResponseTopic',
      fields: {
        errorCode: int16('0+'),
        name: string('0+', { nullable: '12+', mapKey: true }),
        topicId: uuid('10+', { ignorable: true }),
        isInternal: bool('1+', { default: false, ignorable: true }),
        partitions: structs('0+', {
          of: 'MetadataResponsePartition',
          fields: {
            errorCode: int16('0+'),
            partitionIndex: int32('0+'),
            leaderId: int32('0+'),
            leaderEpoch: int32('7+', { default: -1, ignorable: true }),
            replicaNodes: int32s('0+'),
            isrNodes: int32s('0+'),
            offlineReplicas: int32s('5+', { ignorable: true }),
          },
        }),
        topicAuthorizedOperations: int32('8+', { default: -2147483648 }),
      },
    }),
    clusterAuthorizedOperations: int32('8-10', { default: -2147483648 }),
  },
});
