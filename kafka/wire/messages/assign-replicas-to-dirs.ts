/** AssignReplicasToDirs, API key 73: tells which log directory a replica lies in (KIP-858). */
import { int16, int32, int64, request, response, structs, uuid } from '../schema.ts';

export const assignReplicasToDirsRequest = request({
  key: 73,
  name: 'AssignReplicasToDirsRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+', { default: -1 }),
    directories: structs('0+', {
      of: 'DirectoryData',
      fields: {
        id: uuid('0+'),
        topics: structs('0+', {
          of: 'TopicData',
          fields: {
            topicId: uuid('0+'),
            partitions: structs('0+', {
              of: 'PartitionData',
              fields: {
                partitionIndex: int32('0+'),
              },
            }),
          },
        }),
      },
    }),
  },
});

export const assignReplicasToDirsResponse = response({
  key: 73,
  name: 'AssignReplicasToDirsResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    directories: structs('0+', {
      of: 'DirectoryData',
      fields: {
        id: uuid('0+'),
        topics: structs('0+', {
          of: 'TopicData',
          fields: {
            topicId: uuid('0+'),
            partitions: structs('0+', {
              of: 'PartitionData',
              fields: {
                partitionIndex: int32('0+'),
                errorCode: int16('0+'),
              },
            }),
          },
        }),
      },
    }),
  },
});
