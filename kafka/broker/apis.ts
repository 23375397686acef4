/** Which APIs a broker serves: what is listed here is what ApiVersions answers. */

import { offersSecurity } from '../config/listener-security.ts';
import type { RequestHandler } from '../rpc/request-server.ts';
import { type ApiSpec, apis } from '../wire/apis.ts';
import { ProduceHandler } from './apis/00-produce.ts';
import { FetchHandler } from './apis/01-fetch.ts';
import { listOffsets } from './apis/02-list-offsets.ts';
import { metadata } from './apis/03-metadata.ts';
import { offsetCommit } from './apis/08-offset-commit.ts';
import { offsetFetch } from './apis/09-offset-fetch.ts';
import { findCoordinator } from './apis/10-find-coordinator.ts';
import { joinGroup } from './apis/11-join-group.ts';
import { heartbeat } from './apis/12-heartbeat.ts';
import { leaveGroup } from './apis/13-leave-group.ts';
import { syncGroup } from './apis/14-sync-group.ts';
import { describeGroups } from './apis/15-describe-groups.ts';
import { listGroups } from './apis/16-list-groups.ts';
import { saslHandshake } from './apis/17-sasl-handshake.ts';
import { apiVersions } from './apis/18-api-versions.ts';
import { deleteRecords } from './apis/21-delete-records.ts';
import { initProducerId } from './apis/22-init-producer-id.ts';
import { offsetForLeaderEpoch } from './apis/23-offset-for-leader-epoch.ts';
import { describeAcls } from './apis/29-describe-acls.ts';
import { describeConfigs } from './apis/32-describe-configs.ts';
import { alterConfigs } from './apis/33-alter-configs.ts';
import { describeLogDirs } from './apis/35-describe-log-dirs.ts';
import { saslAuthenticate } from './apis/36-sasl-authenticate.ts';
import { deleteGroups } from './apis/42-delete-groups.ts';
import { incrementalAlterConfigs } from './apis/44-incremental-alter-configs.ts';
import { offsetDelete } from './apis/47-offset-delete.ts';
import { describeClientQuotas } from './apis/48-describe-client-quotas.ts';
import { describeUserScramCredentials } from './apis/50-describe-user-scram-credentials.ts';
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
  serve(apis.OffsetCommit, offsetCommit(broker));
  serve(apis.OffsetFetch, offsetFetch(broker));
  serve(apis.FindCoordinator, findCoordinator(broker));
  serve(apis.JoinGroup, joinGroup(broker));
  serve(apis.Heartbeat, heartbeat(broker));
  serve(apis.LeaveGroup, leaveGroup(broker));
  serve(apis.SyncGroup, syncGroup(broker));
  serve(apis.DescribeGroups, describeGroups(broker));
  serve(apis.ListGroups, listGroups(broker));
  serve(apis.ApiVersions, apiVersions(broker));
  serve(apis.DeleteRecords, deleteRecords(broker));
  serve(apis.InitProducerId, initProducerId(broker));
  serve(apis.OffsetForLeaderEpoch, offsetForLeaderEpoch(broker));
  serve(apis.DescribeConfigs, describeConfigs(broker));
  serve(apis.AlterConfigs, alterConfigs(broker));
  serve(apis.DescribeLogDirs, describeLogDirs(broker));
  serve(apis.DescribeClientQuotas, describeClientQuotas);
  serve(apis.DeleteGroups, deleteGroups(broker));
  serve(apis.IncrementalAlterConfigs, incrementalAlterConfigs(broker));
  serve(apis.OffsetDelete, offsetDelete(broker));
  serve(apis.DescribeCluster, describeCluster(broker));
  serve(apis.DescribeProducers, describeProducers(broker));
  serve(apis.DescribeTopicPartitions, describeTopicPartitions(broker));
  if (offersSecurity(broker.config)) {
    serve(apis.SaslHandshake, saslHandshake);
    serve(apis.SaslAuthenticate, saslAuthenticate);
    serve(apis.DescribeAcls, describeAcls(broker));
    serve(apis.DescribeUserScramCredentials, describeUserScramCredentials(broker));
  }
  serveForwardedApis(broker);
  serveQuorumRequests(broker);
}
