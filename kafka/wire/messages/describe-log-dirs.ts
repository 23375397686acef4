/** DescribeLogDirs, API key 35: the log directories of one broker and what lies in them. */
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

export const describeLogDirsRequest = request({
  key: 35,
  name: 'DescribeLogDirsRequest',
  versions: '0-4',
  flexible: '2+',
  fields: {
    topics: structs('0+', {
      of: 'DescribableLogDirTopic',
      nullable: '0+',
      fields: {
        topic: string('0+', { mapKey: true }),
        partitions: int32s('0+'),
      },
    }),
  },
});

export const describeLogDirsResponse = response({
  key: 35,
  name: 'DescribeLogDirsResponse',
  versions: '0-4',
  flexible: '2+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('3+', { ignorable: true }),
    results: structs('0+', {
      of: 'DescribeLogDirsResult',
      fields: {
        errorCode: int16('0+'),
        logDir: string('0+'),
        topics: structs('0+', {
          of: 'DescribeLogDirsTopic',
          fields: {
            name: string('0+'),
            partitions: structs('0+', {
              of: 'DescribeLogDirsPartition',
              fields: {
                partitionIndex: int32('0+'),
                partitionSize: int64('0+'),
                offsetLag: int64('0+'),
                isFutureKey: bool('0+'),
              },
            }),
          },
        }),
        totalBytes: int64('4+', { default: -1, ignorable: true }),
        usableBytes: int64('4+', { default: -1, ignorable: true }),
      },
    }),
  },
});
