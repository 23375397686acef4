/** FetchSnapshot, API key 59: reads a metadata snapshot by position (KIP-630). */
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
  uint16,
  uuid,
} from '../schema.ts';

export const fetchSnapshotRequest = request({
  key: 59,
  name: 'FetchSnapshotRequest',
  versions: '0-1',
  flexible: '0+',
  fields: {
    clusterId: string('0+', { nullable: '0+', default: null, tag: 0 }),
    replicaId: int32('0+', { default: -1 }),
    maxBytes: int32('0+', { default: 2147483647 }),
    topics: structs('0+', {
      of: 'TopicSnapshot',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'PartitionSnapshot',
          fields: {
            partition: int32('0+'),
            currentLeaderEpoch: int32('0+'),
            snapshotId: struct('0+', {
              of: 'SnapshotId',
              fields: {
                endOffset: int64('0+'),
                epoch: int32('0+'),
              },
            }),
            position: int64('0+'),
            replicaDirectoryId: uuid('1+', { ignorable: true, tag: 0 }),
          },
        }),
      },
    }),
  },
});

export const fetchSnapshotResponse = response({
  key: 59,
  name: 'FetchSnapshotResponse',
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+', { ignorable: true }),
    errorCode: int16('0+'),
    topics: structs('0+', {
      of: 'TopicSnapshot',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'PartitionSnapshot',
          fields: {
            index: int32('0+'),
            errorCode: int16('0+'),
            snapshotId: struct('0+', {
              of: 'SnapshotId',
              fields: {
                endOffset: int64('0+'),
                epoch: int32('0+'),
              },
            }),
            currentLeader: struct('0+', {
              of: 'LeaderIdAndEpoch',
              tag: 0,
              fields: {
                leaderId: int32('0+'),
                leaderEpoch: int32('0+'),
              },
            }),
            size: int64('0+'),
            position: int64('0+'),
            unalignedRecords: records('0+'),
          },
        }),
      },
    }),
    nodeEndpoints: structs('1+', {
      of: 'NodeEndpoint',
      tag: 0,
      fields: {
        nodeId: int32('1+', { mapKey: true }),
        host: string('1+'),
        port: uint16('1+'),
      },
    }),
  },
});
