/** DescribeCluster (key 60): cluster id and brokers for admin clients (KIP-700). */
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { DescribeClusterRequest } from '../../wire/generated/describe-cluster-request.ts';
import {
  describeClusterBroker,
  describeClusterResponse,
} from '../../wire/generated/describe-cluster-response.ts';
import type { BrokerServices } from '../broker-services.ts';
import { anyAliveBroker } from './03-metadata.ts';

const ENDPOINT_BROKERS = 1;

export function describeCluster(broker: BrokerServices) {
  return (context: RequestContext, request: DescribeClusterRequest): void => {
    if (request.endpointType !== ENDPOINT_BROKERS) {
      context.respond(
        describeClusterResponse({
          errorCode: ErrorCode.MISMATCHED_ENDPOINT_TYPE,
          errorMessage: 'Brokers describe brokers; ask a controller about controllers',
          endpointType: ENDPOINT_BROKERS,
        }),
      );
      return;
    }
    const brokers = [];
    for (const { id } of broker.metadata.aliveBrokers()) {
      const endpoint = broker.metadata.endpoint(id, context.listener);
      if (endpoint === null) continue;
      const { host, port, rack } = endpoint;
      brokers.push(describeClusterBroker({ brokerId: id, host, port, rack }));
    }
    context.respond(
      describeClusterResponse({
        endpointType: ENDPOINT_BROKERS,
        clusterId: broker.clusterId,
        controllerId: anyAliveBroker(broker),
        brokers,
      }),
    );
  };
}
