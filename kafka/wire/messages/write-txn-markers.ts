/** WriteTxnMarkers, API key 27: coordinator to leaders: write commit or abort markers (KIP-98). */
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

export const writeTxnMarkersRequest = request({
  key: 27,
  name: 'WriteTxnMarkersRequest',
  versions: '0-1',
  flexible: '1+',
  fields: {
    markers: structs('0+', {
      of: 'WritableTxnMarker',
      fields: {
        producerId: int64('0+'),
        producerEpoch: int16('0+'),
        transactionResult: bool('0+'),
        topics: structs('0+', {
          of: 'WritableTxnMarkerTopic',
          fields: {
            name: string('0+'),
            partitionIndexes: int32s('0+'),
          },
        }),
        coordinatorEpoch: int32('0+'),
      },
    }),
  },
});

export const writeTxnMarkersResponse = response({
  key: 27,
  name: 'WriteTxnMarkersResponse',
  versions: '0-1',
  flexible: '1+',
  fields: {
    markers: structs('0+', {
      of: 'WritableTxnMarkerResult',
      fields: {
        producerId: int64('0+'),
        topics: structs('0+', {
          of: 'WritableTxnMarkerTopicResult',
          fields: {
            name: string('0+'),
            partitions: structs('0+', {
              of: 'WritableTxnMarkerPartitionResult',
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
