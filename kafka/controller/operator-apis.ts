/**
 * What operators may ask of a cluster: one table, used by the controller's listener, by envelopes
 * in which brokers pass such requests on (KIP-590), and by brokers for what to answer when no
 * controller could be asked.
 */
import type { BrokerConfig } from '../config/broker.ts';
import { offersSecurity } from '../config/listener-security.ts';
import { type ApiSpec, apis } from '../wire/apis.ts';
import type { ErrorCode } from '../wire/errors.ts';
import { createAcls, deleteAcls } from './acl-control.ts';
import { alterConfigs } from './alter-configs.ts';
import { alterReassignments, listReassignments } from './alter-reassignments.ts';
import type { Controller } from './controller.ts';
import { type ControllerResult, readOnly } from './controller-result.ts';
import { createPartitions } from './create-partitions.ts';
import { deleteTopics } from './delete-topics.ts';
import { electLeaders } from './elect-leaders.ts';
import {
  refuseAlterConfigs,
  refuseCreateAcls,
  refuseCreatePartitions,
  refuseCreateTopics,
  refuseDeleteAcls,
  refuseDeleteTopics,
  refuseElectLeaders,
  refuseListReassignments,
  refuseReassignments,
  refuseReplaceConfigs,
  refuseScramCredentials,
  refuseUnregisterBroker,
  refuseUpdateFeatures,
} from './refused-requests.ts';
import { replaceConfigs } from './replace-configs.ts';
import { alterScramCredentials } from './scram-control.ts';
import { updateFeatures } from './update-features.ts';

export interface OperatorApi<Req, Res> {
  readonly api: ApiSpec<Req, Res>;
  /** What the active controller makes of it. */
  readonly operate: (
    controller: Controller,
    request: Req,
    apiVersion: number,
  ) => ControllerResult<Res>;
  /** The answer when it cannot be done as a whole. */
  readonly refuse: (request: Req, errorCode: ErrorCode, apiVersion: number) => Res;
}

function operator<Req, Res>(
  api: ApiSpec<Req, Res>,
  operate: OperatorApi<Req, Res>['operate'],
  refuse: OperatorApi<Req, Res>['refuse'],
): OperatorApi<unknown, unknown> {
  return { api, operate, refuse } as OperatorApi<unknown, unknown>;
}

const operatorApis: readonly OperatorApi<unknown, unknown>[] = [
  operator(
    apis.CreateTopics,
    ({ topics }, request) => topics.createTopics(request),
    refuseCreateTopics,
  ),
  operator(
    apis.DeleteTopics,
    ({ image, node }, request, apiVersion) =>
      deleteTopics(image, request, { apiVersion, enabled: node.get('delete.topic.enable') }),
    refuseDeleteTopics,
  ),
  operator(
    apis.CreatePartitions,
    ({ image, assignments }, request) => createPartitions(image, assignments, request),
    refuseCreatePartitions,
  ),
  operator(
    apis.ElectLeaders,
    ({ image, replication }, request) => electLeaders(image, replication, request),
    refuseElectLeaders,
  ),
  operator(
    apis.IncrementalAlterConfigs,
    ({ image, configs, replication: { elrEnabled } }, request) =>
      alterConfigs({ image, configs, elrEnabled }, request),
    refuseAlterConfigs,
  ),
  operator(
    apis.AlterConfigs,
    ({ image, configs, replication: { elrEnabled } }, request) =>
      replaceConfigs({ image, configs, elrEnabled }, request),
    refuseReplaceConfigs,
  ),
  operator(apis.AlterPartitionReassignments, alterReassignments, refuseReassignments),
  operator(
    apis.ListPartitionReassignments,
    ({ image }, request) => readOnly(listReassignments(image, request)),
    refuseListReassignments,
  ),
  operator(
    apis.UpdateFeatures,
    (controller, request, apiVersion) => updateFeatures(controller, request, apiVersion),
    refuseUpdateFeatures,
  ),
  operator(
    apis.UnregisterBroker,
    ({ cluster }, { brokerId }) => cluster.unregister(brokerId),
    refuseUnregisterBroker,
  ),
  operator(
    apis.AlterUserScramCredentials,
    ({ image, crypto }, request) => alterScramCredentials(image, crypto, request),
    refuseScramCredentials,
  ),
  operator(
    apis.CreateAcls,
    (controller, request) => createAcls(controller, request),
    refuseCreateAcls,
  ),
  operator(
    apis.DeleteAcls,
    (controller, request) => deleteAcls(controller, request),
    refuseDeleteAcls,
  ),
];

const SECURITY_APIS: ReadonlySet<number> = new Set(
  [apis.AlterUserScramCredentials, apis.CreateAcls, apis.DeleteAcls].map(({ key }) => key),
);

/** Those that a node serves. */
export function operatorApisFor(config: BrokerConfig): readonly OperatorApi<unknown, unknown>[] {
  if (offersSecurity(config)) return operatorApis;
  return operatorApis.filter(({ api }) => !SECURITY_APIS.has(api.key));
}

export function operatorApi(apiKey: number): OperatorApi<unknown, unknown> | undefined {
  return operatorApis.find(({ api }) => api.key === apiKey);
}
