/** CreateTopics, API key 19: creates topics. */
import {
  bool,
  int8,
  int16,
  int32,
  int32s,
  request,
  response,
  string,
  structs,
  uuid,
} from '../schema.ts';

export const createTopicsRequest = request({
  key: 19,
  name: 'CreateTopicsRequest',
  versions: '0-7',
  flexible: '5+',
  fields: {
    topics: structs('0+', {
      of: 'CreatableTopic',
      fields: {
        name: string('0+', { mapKey: true }),
        numPartitions: int32('0+'),
        replicationFactor: int16('0+'),
        assignments: structs('0+', {
          of: 'CreatableReplicaAssignment',
          fields: {
            partitionIndex: int32('0+', { mapKey: true }),
            brokerIds: int32s('0+'),
          },
        }),
        configs: structs('0+', {
          of: 'CreatableTopicConfig',
          fields: {
            name: string('0+', { mapKey: true }),
            value: string('0+', { nullable: '0+' }),
          },
        }),
      },
    }),
    timeoutMs: int32('0+', { default: 60000 }),
    validateOnly: bool('1+', { default: false }),
  },
});

export const createTopicsResponse = response({
  key: 19,
  name: 'CreateTopicsResponse',
  versions: '0-7',
  flexible: '5+',
  fields: {
    throttleTimeMs: int32('2+', { ignorable: true }),
    topics: structs('0+', {
      of: 'CreatableTopicResult',
      fields: {
        name: string('0+', { mapKey: true }),
        topicId: uuid('7+', { ignorable: true }),
        errorCode: int16('0+'),
        errorMessage: string('1+', { nullable: '0+', ignorable: true }),
        topicConfigErrorCode: int16('5+', { ignorable: true, tag: 0 }),
        numPartitions: int32('5+', { default: -1, ignorable: true }),
        replicationFactor: int16('5+', { default: -1, ignorable: true }),
        configs: structs('5+', {
          of: 'CreatableTopicConfigs',
          nullable: '5+',
          ignorable: true,
          fields: {
            name: string('5+'),
            value: string('5+', { nullable: '5+' }),
            readOnly: bool('5+'),
            configSource: int8('5+', { default: -1, ignorable: true }),
            isSensitive: bool('5+'),
          },
        }),
      },
    }),
  },
});
