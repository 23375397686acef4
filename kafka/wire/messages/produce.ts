/**
 * Produce, API key 0: appends record batches to partition leaders (KIP-98 for transactional ids,
 * KIP-951 for leader hints).
 */
import {
  int16,
  int32,
  int64,
  records,
  request,
  response,
  string,
  struct,
  structs,
} from '../schema.ts';

export const produceRequest = request({
  key: 0,
  name: 'ProduceRequest',
  versions: '0-11',
  flexible: '9+',
  fields: {
    transactionalId: string('3+', { nullable: '3+', default: null }),
    acks: int16('0+'),
    timeoutMs: int32('0+'),
    topicData: structs('0+', {
      of: 'TopicProduceData',
      fields: {
        name: string('0+', { mapKey: true }),
        partitionData: structs('0+', {
          of: 'PartitionProduceData',
          fields: {
            index: int32('0+'),
            records: records('0+', { nullable: '0+' }),
          },
        }),
      },
    }),
  },
});

export const produceResponse = response({
  key: 0,
  name: 'ProduceResponse',
  versions: '0-11',
  flexible: '9+',
  fields: {
    responses: structs('0+', {
      of: 'TopicProduceResponse',
      fields: {
        name: string('0+', { mapKey: true }),
        partitionResponses: structs('0+', {
          of: 'PartitionProduceResponse',
          fields: {
            index: int32('0+'),
            errorCode: int16('0+'),
            baseOffset: int64('0+'),
            logAppendTimeMs: int64('2+', { default: -1, ignorable: true }),
            logStartOffset: int64('5+', { default: -1, ignorable: true }),
            recordErrors: structs('8+', {
              of: 'BatchIndexAndErrorMessage',
              ignorable: true,
              fields: {
                batchIndex: int32('8+'),
                batchIndexErrorMessage: string('8+', {
                  nullable: '8+',
                  default: null,
                }),
              },
            }),
            errorMessage: string('8+', {
              nullable: '8+',
              default: null,
              ignorable: true,
            }),
            currentLeader: struct('10+', {
              of: 'LeaderIdAndEpoch',
              tag: 0,
              fields: {
                leaderId: int32('10+', { default: -1 }),
                leaderEpoch: int32('10+', { default: -1 }),
              },
            }),
          },
        }),
      },
    }),
    throttleTimeMs: int32('1+', { default: 0, ignorable: true }),
    nodeEndpoints: structs('10+', {
      of: 'NodeEndpoint',
      tag: 0,
      fields: {
        nodeId: int32('10+', { mapKey: true }),
        host: string('10+'),
        port: int32('10+'),
        rack: string('10+', { nullable: '10+', default: null }),
      },
    }),
  },
});
