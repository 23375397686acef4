/**
 * IncrementalAlterConfigs (KIP-339; Kafka: ControllerApis, ConfigurationControlManager,
 * ControllerConfigurationValidator): settings of topics, of one broker, and of all brokers. All
 * changes of a resource are made, or none. Values for brokers were judged by the broker that
 * passed the request on. A change of `min.insync.replicas` forgets who was eligible under the
 * old one (KIP-966).
 */

import { brokerConfigs } from '../config/broker.ts';
import type { ConfigKey } from '../config/define.ts';
import { topicConfigs } from '../config/topic.ts';
import { ConfigResourceType, configKey, type MetadataImage } from '../metadata/image.ts';
import { topicNameProblem } from '../metadata/topic-names.ts';
import { ErrorCode } from '../wire/errors.ts';
import type {
  AlterableConfig,
  AlterConfigsResource,
  IncrementalAlterConfigsRequest,
} from '../wire/generated/incremental-alter-configs-request.ts';
import {
  alterConfigsResourceResponse,
  type IncrementalAlterConfigsResponse,
  incrementalAlterConfigsResponse,
} from '../wire/generated/incremental-alter-configs-response.ts';
import { type MetadataRecord, metadataRecord } from '../wire/metadata-records.ts';
import type { ConfigControl } from './config-control.ts';
import { type ControllerResult, type Refusal, refusal } from './controller-result.ts';

/** AlterConfigOp.OpType. */
export const ConfigOperation = { SET: 0, DELETE: 1, APPEND: 2, SUBTRACT: 3 } as const;
const MIN_ISR = 'min.insync.replicas';

export interface ConfigParts {
  readonly image: MetadataImage;
  readonly configs: ConfigControl;
  readonly elrEnabled: boolean;
}

export function alterConfigs(
  parts: ConfigParts,
  request: IncrementalAlterConfigsRequest,
): ControllerResult<IncrementalAlterConfigsResponse> {
  const records: MetadataRecord[] = [];
  const nameOf = (one: AlterConfigsResource): string =>
    configKey(one.resourceType, one.resourceName);
  const names = request.resources.map(nameOf);
  const responses = request.resources.map((resource, place) => {
    const { resourceType, resourceName } = resource;
    const twice = names.indexOf(nameOf(resource)) !== names.lastIndexOf(nameOf(resource));
    const made = twice
      ? invalidRequest('Each resource must appear at most once.')
      : alterOne(parts, request.resources[place] as AlterConfigsResource);
    if ('errorCode' in made) {
      return alterConfigsResourceResponse({ resourceType, resourceName, ...made });
    }
    for (const record of made) records.push(record);
    return alterConfigsResourceResponse({ resourceType, resourceName, errorMessage: null });
  });
  const response = incrementalAlterConfigsResponse({ responses });
  return { records: request.validateOnly ? [] : records, response, why: 'config' };
}

function alterOne(parts: ConfigParts, resource: AlterConfigsResource): Refusal | MetadataRecord[] {
  const { image } = parts;
  const { resourceType, resourceName } = resource;
  const isTopic = resourceType === ConfigResourceType.TOPIC;
  if (!isTopic && resourceType !== ConfigResourceType.BROKER) {
    return invalidRequest(`Unexpected resource type ${resourceType}.`);
  }
  const keys = resource.configs.map((one) => one.name);
  if (new Set(keys).size < keys.length) {
    return invalidRequest('Error due to duplicate config keys');
  }
  const before = image.configs.get(configKey(resourceType, resourceName)) ?? new Map();
  const after = new Map<string, string>(before);
  const records: MetadataRecord[] = [];
  for (const config of resource.configs) {
    const value = newValue(config, before.get(config.name) ?? null, isTopic);
    if (value !== null && typeof value === 'object') return value;
    const forbidden = parts.elrEnabled ? minIsrProblem(resource, config.name, value) : null;
    if (forbidden !== null) return refusal(ErrorCode.INVALID_CONFIG, forbidden);
    if (value === null) after.delete(config.name);
    else after.set(config.name, value);
    // Brokers read their settings anew even when nothing changed (KAFKA-14136).
    if (isTopic && value === (before.get(config.name) ?? null)) continue;
    const record = { resourceType, resourceName, name: config.name, value };
    records.push(metadataRecord('ConfigRecord', record));
    if (parts.elrEnabled && config.name === MIN_ISR) {
      const topicName = isTopic ? resourceName : '';
      records.push(metadataRecord('ClearElrRecord', { topicName }));
    }
  }
  const problem = isTopic
    ? topicProblem(parts, resourceName, after)
    : brokerProblem(image, resourceName);
  return problem ?? records;
}

/** @returns the value to store, null for none. */
function newValue(
  config: AlterableConfig,
  current: string | null,
  isTopic: boolean,
): Refusal | string | null {
  const { name, value } = config;
  switch (config.configOperation) {
    case ConfigOperation.SET:
      if (value === null) return invalidRequest(`Null value not supported for : ${name}`);
      return value;
    case ConfigOperation.DELETE:
      return null;
    case ConfigOperation.APPEND:
    case ConfigOperation.SUBTRACT:
      return changedList(config, current, isTopic);
    default:
      return invalidRequest(`Unknown operation type ${config.configOperation}`);
  }
}

function changedList(
  { name, value, configOperation }: AlterableConfig,
  current: string | null,
  isTopic: boolean,
): Refusal | string {
  const keys: Readonly<Record<string, ConfigKey<unknown>>> = isTopic
    ? topicConfigs.keys
    : brokerConfigs.keys;
  const key = Object.hasOwn(keys, name) ? keys[name] : undefined;
  const append = configOperation === ConfigOperation.APPEND;
  if (key?.type !== 'LIST') {
    const what = append ? 'APPEND' : 'SUBTRACT';
    const message = `Can't ${what} to key ${name} because its type is not LIST.`;
    return refusal(ErrorCode.INVALID_CONFIG, message);
  }
  const parts = (current ?? key.defaultText ?? '').split(',').filter((part) => part !== '');
  const given = (value ?? '').split(',');
  if (!append) return parts.filter((part) => !given.includes(part)).join(',');
  for (const part of given) if (!parts.includes(part)) parts.push(part);
  return parts.join(',');
}

/** While ELR is on, brokers may not judge by a min ISR of their own. */
function minIsrProblem(
  { resourceType, resourceName }: AlterConfigsResource,
  name: string,
  value: string | null,
): string | null {
  if (resourceType !== ConfigResourceType.BROKER || name !== MIN_ISR) return null;
  if (resourceName !== '') {
    return `Broker-level ${MIN_ISR} cannot be altered while ELR is enabled.`;
  }
  if (value !== null) return null;
  return `Cluster-level ${MIN_ISR} cannot be removed while ELR is enabled.`;
}

function topicProblem(
  { image, configs }: ConfigParts,
  topic: string,
  after: ReadonlyMap<string, string>,
): Refusal | null {
  const badName = topicNameProblem(topic);
  if (badName !== null) return refusal(ErrorCode.INVALID_TOPIC_EXCEPTION, badName);
  const problem = configs.topicConfigProblem(Object.fromEntries(after));
  if (problem !== null) return refusal(ErrorCode.INVALID_CONFIG, problem);
  if (image.topic(topic) !== undefined) return null;
  const message = `The topic '${topic}' does not exist.`;
  return refusal(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, message);
}

/** The empty name stands for all brokers. */
function brokerProblem(image: MetadataImage, name: string): Refusal | null {
  if (name === '') return null;
  if (!/^-?\d+$/.test(name)) {
    return invalidRequest('Unable to parse broker name as a base 10 number.');
  }
  if (Number(name) < 0) return invalidRequest('Invalid negative broker ID.');
  if (image.brokers.has(Number(name))) return null;
  return refusal(ErrorCode.BROKER_ID_NOT_REGISTERED, `No broker with id ${name} found.`);
}

function invalidRequest(message: string): Refusal {
  return refusal(ErrorCode.INVALID_REQUEST, message);
}
