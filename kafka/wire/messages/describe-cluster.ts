/** DescribeCluster, API key 60: cluster id, controller and brokers (KIP-700). */
import { bool, int8, int16, int32, request, response, string, structs } from '../schema.ts';

export const describeClusterRequest = request({
  key: 60,
  name: 'DescribeClusterRequest',
  versions: '0-1',
  flexible: '0+',
  fields: {
    includeClusterAuthorizedOperations: bool('0+'),
    endpointType: int8('1+', { default: 1 }),
  },
});

export const describeClusterResponse = response({
  key: 60,
  name: 'DescribeClusterResponse',
  versions: '0-1',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+', default: null }),
    endpointType: int8('1+', { default: 1 }),
    clusterId: string('0+'),
    controllerId: int32('0+', { default: -1 }),
    brokers: structs('0+', {
      of: 'DescribeClusterBroker',
      fields: {
        brokerId: int32('0+', { mapKey: true }),
        host: string('0+'),
        port: int32('0+'),
        rack: string('0+', { nullable: '0+', default: null }),
      },
    }),
    clusterAuthorizedOperations: int32('0+', { default: -2147483648 }),
  },
});
