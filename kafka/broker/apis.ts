/** Which APIs a broker serves: what is listed here is what ApiVersions answers. */

import type { RequestHandler } from '../rpc/request-server.ts';
import { type ApiSpec, apis } from '../wire/apis.ts';
import { ProduceHandler } from './apis/00-produce.ts';
import { FetchHandler } from './apis/01-fetch.ts';
import { listOffsets } from './apis/02-list-offsets.ts';
import { metadata } from './apis/03-metadata.ts';
import { apiVersions } from './apis/18-api-versions.ts';
import { initProducerId } from './apis/22-init-producer-id.ts';
import { offsetForLeaderEpoch } from './apis/23-offset-for-leader-epoch.ts';
import { describeConfigs } from './apis/32-describe-configs.ts';
import { incrementalAlterConfigs } from './apis/44-incremental-alter-configs.ts';
import { describeCluster } from './apis/60-describe-cluster.ts';
import { describeProducers } from './apis/61-describe-producers.ts';
import { describeTopicPartitions } from './apis/75-describe-topic-partitions.ts';
import { serveForwardedApis } from './apis/forwarded.ts';
import { serveQuorumRequests } from './apis/quorum-requests.ts';
import type { BrokerServices } from './broker-services.ts';

export function serveBrokerApis(broker: BrokerServices): void {
  const serve = <Req, Res>(api: ApiSpec<Req, Res>, handle: RequestHandler<Req>): void =>
    broker.server.serve(api, api, handle);
  const produce = new ProduceHandler(broker);
  const fetch = new FetchHandler(broker);
  serve(apis.Produce, (context, request) => produce.handle(context, request));
  serve(apis.Fetch, (context, request) => fetch.handle(context, request));
  serve(apis.ListOffsets, listOffsets(broker));
  serve(apis.Metadata, metadata(broker));
  serve(apis.ApiVersions, apiVersions(broker));
  serve(apis.InitProducerId, initProducerId(broker));
  serve(apis.OffsetForLeaderEpoch, offsetForLeaderEpoch(broker));
  serve(apis.DescribeConfigs, describeConfigs(broker));
  serve(apis.IncrementalAlterConfigs, incrementalAlterConfigs(broker));
  serve(apis.DescribeCluster, describeCluster(broker));
  serve(apis.DescribeProducers, describeProducers(broker));
  serve(apis.DescribeTopicPartitions, describeTopicPartitions(broker));
  serveForwardedApis(broker);
  serveQuorumRequests(broker);
}
