/**
 * Fetch, API key 1: reads record batches: consumers, followers and raft observers alike (KIP-227
 * sessions, KIP-595 divergence).
 */
import {
  int8,
  int16,
  int32,
  int32s,
  int64,
  records,
  request,
  response,
  string,
  struct,
  structs,
  uuid,
} from '../schema.ts';

export const fetchRequest = request({
  key: 1,
  name: 'FetchRequest',
  versions: '0-17',
  flexible: '12+',
  fields: {
    clusterId: string('12+', {
      nullable: '12+',
      default: null,
      ignorable: true,
      tag: 0,
    }),
    replicaId: int32('0-14', { default: -1 }),
    replicaState: struct('15+', {
      of: 'ReplicaState',
      tag: 1,
      fields: {
        replicaId: int32('15+', { default: -1 }),
        replicaEpoch: int64('15+', { default: -1 }),
      },
    }),
    maxWaitMs: int32('0+'),
    minBytes: int32('0+'),
    maxBytes: int32('3+', { default: 2147483647, ignorable: true }),
    isolationLevel: int8('4+', { default: 0, ignorable: true }),
    sessionId: int32('7+', { default: 0, ignorable: true }),
    sessionEpoch: int32('7+', { default: -1, ignorable: true }),
    topics: structs('0+', {
      of: 'FetchTopic',
      fields: {
        topic: string('0-12', { ignorable: true }),
        topicId: uuid('13+', { ignorable: true }),
        partitions: structs('0+', {
          of: 'FetchPartition',
          fields: {
            partition: int32('0+'),
            currentLeaderEpoch: int32('9+', { default: -1, ignorable: true }),
            fetchOffset: int64('0+'),
            lastFetchedEpoch: int32('12+', { default: -1 }),
            logStartOffset: int64('5+', { default: -1, ignorable: true }),
            partitionMaxBytes: int32('0+'),
            replicaDirectoryId: uuid('17+', { ignorable: true, tag: 0 }),
          },
        }),
      },
    }),
    forgottenTopicsData: structs('7+', {
      of: 'ForgottenTopic',
      fields: {
        topic: string('7-12', { ignorable: true }),
        topicId: uuid('13+', { ignorable: true }),
        partitions: int32s('7+'),
      },
    }),
    rackId: string('11+', { default: '', ignorable: true }),
  },
});

export const fetchResponse = response({
  key: 1,
  name: 'FetchResponse',
  versions: '0-17',
  flexible: '12+',
  fields: {
    throttleTimeMs: int32('1+', { ignorable: true }),
    errorCode: int16('7+', { ignorable: true }),
    sessionId: int32('7+', { default: 0 }),
    responses: structs('0+', {
      of: 'FetchableTopicResponse',
      fields: {
        topic: string('0-12', { ignorable: true }),
        topicId: uuid('13+', { ignorable: true }),
        partitions: structs('0+', {
          of: 'PartitionData',
          fields: {
            partitionIndex: int32('0+'),
            errorCode: int16('0+'),
            highWatermark: int64('0+'),
            lastStableOffset: int64('4+', { default: -1, ignorable: true }),
            logStartOffset: int64('5+', { default: -1, ignorable: true }),
            divergingEpoch: struct('12+', {
              of: 'EpochEndOffset',
              tag: 0,
              fields: {
                epoch: int32('12+', { default: -1 }),
                endOffset: int64('12+', { default: -1 }),
              },
            }),
            currentLeader: struct('12+', {
              of: 'LeaderIdAndEpoch',
              tag: 1,
              fields: {
                leaderId: int32('12+', { default: -1 }),
                leaderEpoch: int32('12+', { default: -1 }),
              },
            }),
            snapshotId: struct('12+', {
              of: 'SnapshotId',
              tag: 2,
              fields: {
                endOffset: int64('0+', { default: -1 }),
                epoch: int32('0+', { default: -1 }),
              },
            }),
            abortedTransactions: structs('4+', {
              of: 'AbortedTransaction',
              nullable: '4+',
              ignorable: true,
              fields: {
                producerId: int64('4+'),
                firstOffset: int64('4+'),
              },
            }),
            preferredReadReplica: int32('11+', { default: -1 }),
            records: records('0+', { nullable: '0+' }),
          },
        }),
      },
    }),
    nodeEndpoints: structs('16+', {
      of: 'NodeEndpoint',
      tag: 0,
      fields: {
        nodeId: int32('16+', { mapKey: true }),
        host: string('16+'),
        port: int32('16+'),
        rack: string('16+', { nullable: '16+', default: null }),
      },
    }),
  },
});
