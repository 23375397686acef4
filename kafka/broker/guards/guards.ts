/**
 * The guard of every API that a broker serves, put before its handler where an authorizer is
 * configured (KIP-11; Kafka: KafkaApis, AuthHelper). An API without one is not served there.
 */
import type { RequestContext, RequestHandler } from '../../rpc/request-server.ts';
import type { StandardAuthorizer } from '../../security/authorizer.ts';
import { ALL, type Guard } from '../../security/guard.ts';
import { type ApiSpec, apis } from '../../wire/apis.ts';
import type { BrokerServices } from '../broker-services.ts';
import * as cluster from './cluster-guards.ts';
import * as groups from './group-guards.ts';
import type { GuardState } from './guard-state.ts';
import * as metadata from './metadata-guards.ts';
import * as offsets from './offset-guards.ts';
import * as topics from './topic-guards.ts';

type AnyGuard = Guard<unknown, unknown, GuardState>;

const guards = new Map<number, AnyGuard>();

function guard<Req, Res>(api: ApiSpec<Req, Res>, by: Guard<Req, Res, GuardState>): void {
  guards.set(api.key, by as unknown as AnyGuard);
}

guard(apis.Produce, topics.guardProduce);
guard(apis.Fetch, topics.guardFetch);
guard(apis.ListOffsets, topics.guardListOffsets);
guard(apis.DeleteRecords, topics.guardDeleteRecords);
guard(apis.OffsetForLeaderEpoch, topics.guardOffsetForLeaderEpoch);
guard(apis.DescribeProducers, topics.guardDescribeProducers);
guard(apis.Metadata, metadata.guardMetadata);
guard(apis.DescribeCluster, metadata.guardDescribeCluster);
guard(apis.DescribeTopicPartitions, metadata.guardDescribeTopicPartitions);
guard(apis.FindCoordinator, groups.guardFindCoordinator);
guard(apis.JoinGroup, groups.guardJoinGroup);
guard(apis.SyncGroup, groups.guardSyncGroup);
guard(apis.Heartbeat, groups.guardHeartbeat);
guard(apis.LeaveGroup, groups.guardLeaveGroup);
guard(apis.DescribeGroups, groups.guardDescribeGroups);
guard(apis.ListGroups, groups.guardListGroups);
guard(apis.DeleteGroups, groups.guardDeleteGroups);
guard(apis.OffsetCommit, offsets.guardOffsetCommit);
guard(apis.OffsetFetch, offsets.guardOffsetFetch);
guard(apis.OffsetDelete, offsets.guardOffsetDelete);
guard(apis.InitProducerId, cluster.guardInitProducerId);
guard(apis.DescribeConfigs, cluster.guardDescribeConfigs);
guard(apis.DescribeLogDirs, cluster.guardDescribeLogDirs);
guard(apis.DescribeClientQuotas, cluster.guardDescribeClientQuotas);
guard(apis.DescribeUserScramCredentials, cluster.guardDescribeScram);
guard(apis.DescribeAcls, cluster.guardDescribeAcls);

/** For anybody; or forwarded, with whose it is, to the controller, which has guards of its own. */
const OPEN: ReadonlySet<number> = new Set(
  [
    apis.ApiVersions,
    apis.SaslHandshake,
    apis.SaslAuthenticate,
    apis.CreateTopics,
    apis.DeleteTopics,
    apis.CreatePartitions,
    apis.ElectLeaders,
    apis.AlterConfigs,
    apis.IncrementalAlterConfigs,
    apis.AlterPartitionReassignments,
    apis.ListPartitionReassignments,
    apis.UpdateFeatures,
    apis.UnregisterBroker,
    apis.AlterUserScramCredentials,
    apis.CreateAcls,
    apis.DeleteAcls,
    apis.DescribeQuorum,
    apis.AddRaftVoter,
    apis.RemoveRaftVoter,
  ].map((api) => api.key),
);

const pass: AnyGuard = () => ALL;

/** null: nobody has said who may use this API. */
export function guardOf(apiKey: number): AnyGuard | null {
  return OPEN.has(apiKey) ? pass : (guards.get(apiKey) ?? null);
}

/** Puts the guards of its APIs before everything that a broker serves so far. */
export function guardBroker(broker: BrokerServices, authorizer: StandardAuthorizer): void {
  broker.server.wrapHandlers((api, handle) => {
    const by = guardOf(api.key);
    return by === null ? null : guarded(broker, authorizer, { by, handle });
  });
}

function guarded(
  { metadata: { image }, config }: BrokerServices,
  authorizer: StandardAuthorizer,
  { by, handle }: { by: AnyGuard; handle: RequestHandler<unknown> },
): RequestHandler<unknown> {
  return (context: RequestContext, request: unknown): void => {
    const { apiVersion, principal, peer } = context;
    const may = authorizer.permissions(principal, peer.host);
    const split = by(may, request, { image, config, apiVersion });
    switch (split.kind) {
      case 'all':
        return handle(context, request);
      case 'refused':
        if (split.silent === true) context.close();
        else context.respond(split.response);
        return;
      default:
        context.completeWith(split.complete, split.silent);
        handle(context, split.request);
    }
  };
}
