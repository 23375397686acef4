/**
 * AddPartitionsToTxn, API key 24: adds partitions to a transaction, or verifies them (KIP-98,
 * KIP-890).
 */
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

const addPartitionsToTxnTopic = {
  name: string('0+', { mapKey: true }),
  partitions: int32s('0+'),
};

export const addPartitionsToTxnRequest = request({
  key: 24,
  name: 'AddPartitionsToTxnRequest',
  versions: '0-5',
  flexible: '3+',
  fields: {
    transactions: structs('4+', {
      of: 'AddPartitionsToTxnTransaction',
      fields: {
        transactionalId: string('4+', { mapKey: true }),
        producerId: int64('4+'),
        producerEpoch: int16('4+'),
        verifyOnly: bool('4+', { default: false }),
        topics: structs('4+', {
          of: 'AddPartitionsToTxnTopic',
          fields: addPartitionsToTxnTopic,
        }),
      },
    }),
    v3AndBelowTransactionalId: string('0-3'),
    v3AndBelowProducerId: int64('0-3'),
    v3AndBelowProducerEpoch: int16('0-3'),
    v3AndBelowTopics: structs('0-3', {
      of: 'AddPartitionsToTxnTopic',
      fields: addPartitionsToTxnTopic,
    }),
  },
});

const addPartitionsToTxnPartitionResult = {
  partitionIndex: int32('0+', { mapKey: true }),
  partitionErrorCode: int16('0+'),
};

const addPartitionsToTxnTopicResult = {
  name: string('0+', { mapKey: true }),
  resultsByPartition: structs('0+', {
    of: 'AddPartitionsToTxnPartitionResult',
    fields: addPartitionsToTxnPartitionResult,
  }),
};

export const addPartitionsToTxnResponse = response({
  key: 24,
  name: 'AddPartitionsToTxnResponse',
  versions: '0-5',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('4+', { ignorable: true }),
    resultsByTransaction: structs('4+', {
      of: 'AddPartitionsToTxnResult',
      fields: {
        transactionalId: string('4+', { mapKey: true }),
        topicResults: structs('4+', {
          of: 'AddPartitionsToTxnTopicResult',
          fields: addPartitionsToTxnTopicResult,
        }),
      },
    }),
    resultsByTopicV3AndBelow: structs('0-3', {
      of: 'AddPartitionsToTxnTopicResult',
      fields: addPartitionsToTxnTopicResult,
    }),
  },
});
