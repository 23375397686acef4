/** DeleteRecords, API key 21: raises log start offsets (KIP-107). */
import { int16, int32, int64, request, response, string, structs } from '../schema.ts';

export const deleteRecordsRequest = request({
  key: 21,
  name: 'DeleteRecordsRequest',
  versions: '0-2',
  flexible: '2+',
  fields: {
    topics: structs('0+', {
      of: 'DeleteRecordsTopic',
      fields: {
        name: string('0+'),
        partitions: structs('0+', {
          of: 'DeleteRecordsPartition',
          fields: {
            partitionIndex: int32('0+'),
            offset: int64('0+'),
          },
        }),
      },
    }),
    timeoutMs: int32('0+'),
  },
});

export const deleteRecordsResponse = response({
  key: 21,
  name: 'DeleteRecordsResponse',
  versions: '0-2',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    topics: structs('0+', {
      of: 'DeleteRecordsTopicResult',
      fields: {
        name: string('0+', { mapKey: true }),
        partitions: structs('0+', {
          of: 'DeleteRecordsPartitionResult',
          fields: {
            partitionIndex: int32('0+', { mapKey: true }),
            lowWatermark: int64('0+'),
            errorCode: int16('0+'),
          },
        }),
      },
    }),
  },
});
