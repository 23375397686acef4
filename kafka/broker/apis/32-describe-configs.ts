/**
 * DescribeConfigs (key 32): effective settings of topics and of this broker, with where each
 * value comes from (KIP-133, KIP-226).
 */
import { brokerConfigs } from '../../config/broker.ts';
import type { ConfigKeys, ConfigType } from '../../config/define.ts';
import { isDynamicBrokerKey } from '../../config/dynamic.ts';
import type { ParsedConfig } from '../../config/parse.ts';
import { topicConfigFor, topicConfigs, topicSynonyms } from '../../config/topic.ts';
import { ConfigResourceType } from '../../metadata/image.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type {
  DescribeConfigsRequest,
  DescribeConfigsResource,
} from '../../wire/generated/describe-configs-request.ts';
import {
  type DescribeConfigsResourceResult,
  type DescribeConfigsResult,
  type DescribeConfigsSynonym,
  describeConfigsResourceResult,
  describeConfigsResponse,
  describeConfigsResult,
  describeConfigsSynonym,
} from '../../wire/generated/describe-configs-response.ts';
import type { BrokerServices } from '../broker-services.ts';
import type { ConfigLayer } from '../dynamic-configs.ts';

/** ConfigSource ids of the protocol. */
const TOPIC_CONFIG = 1;
const DEFAULT_CONFIG = 5;
const SOURCES: Readonly<Record<ConfigLayer | 'default', number>> = {
  broker: 2,
  cluster: 3,
  static: 4,
  default: DEFAULT_CONFIG,
};

/** ConfigType ids of the protocol. */
const CONFIG_TYPES: Readonly<Record<ConfigType, number>> = {
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  LONG: 5,
  LIST: 7,
  CLASS: 8,
  PASSWORD: 9,
};

interface Given {
  readonly source: number;
  readonly readOnly: boolean;
  readonly synonyms: () => DescribeConfigsSynonym[];
}

interface Asked {
  readonly apiVersion: number;
  readonly synonyms: boolean;
  readonly documentation: boolean;
}

export function describeConfigs(broker: BrokerServices) {
  return (context: RequestContext, request: DescribeConfigsRequest): void => {
    const asked = {
      apiVersion: context.apiVersion,
      synonyms: request.includeSynonyms,
      documentation: request.includeDocumentation,
    };
    const results = request.resources.map((resource) => describe(broker, asked, resource));
    context.respond(describeConfigsResponse({ results }));
  };
}

function describe(
  broker: BrokerServices,
  asked: Asked,
  resource: DescribeConfigsResource,
): DescribeConfigsResult {
  const { resourceType, resourceName } = resource;
  const refuse = (errorCode: ErrorCode, errorMessage: string) =>
    describeConfigsResult({ errorCode, errorMessage, resourceType, resourceName });
  const { dynamicConfigs } = broker;
  if (resourceType === ConfigResourceType.TOPIC) {
    const { image } = broker.metadata;
    if (image.topic(resourceName) === undefined) {
      return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `no topic ${resourceName}`);
    }
    const overrides = Object.fromEntries(image.topicConfigs(resourceName));
    const config = topicConfigFor(dynamicConfigs.current, overrides);
    const configs = list(asked, resource, topicConfigs.keys, config, (name) => ({
      source:
        config.source(name) === 'given'
          ? TOPIC_CONFIG
          : SOURCES[dynamicConfigs.layerOfTopicKey(name)],
      readOnly: false,
      synonyms: () => {
        const inherited = synonyms(
          broker,
          topicSynonyms[name].map(({ key }) => key),
        );
        const value = config.source(name) === 'given' ? config.text(name) : null;
        if (value === null) return inherited;
        return [describeConfigsSynonym({ name, value, source: TOPIC_CONFIG }), ...inherited];
      },
    }));
    return describeConfigsResult({ resourceType, resourceName, configs });
  }
  if (resourceType === ConfigResourceType.BROKER) {
    if (resourceName === '') {
      const configs = clusterDefaults(broker, asked, resource);
      return describeConfigsResult({ resourceType, resourceName, configs });
    }
    if (Number(resourceName) !== broker.brokerId) {
      return refuse(ErrorCode.INVALID_REQUEST, `this is broker ${broker.brokerId}`);
    }
    const { current } = dynamicConfigs;
    const configs = list(asked, resource, brokerConfigs.keys, current, (name) => ({
      source: SOURCES[dynamicConfigs.layerOf(name)],
      readOnly: !isDynamicBrokerKey(name),
      synonyms: () => synonyms(broker, alternativesOf(name)),
    }));
    return describeConfigsResult({ resourceType, resourceName, configs });
  }
  return refuse(ErrorCode.INVALID_REQUEST, `no configs of resource type ${resourceType}`);
}

/** Where else a key has a value, in order of precedence (KIP-226). */
function synonyms(broker: BrokerServices, names: readonly string[]): DescribeConfigsSynonym[] {
  const keys: ConfigKeys = brokerConfigs.keys;
  return broker.dynamicConfigs.settings(names).map(({ name, value, layer }) => {
    const told = keys[name]?.type === 'PASSWORD' ? null : value;
    return describeConfigsSynonym({ name, value: told, source: SOURCES[layer] });
  });
}

/** The broker keys that stand for each other with this one, in order of precedence. */
function alternativesOf(name: string): readonly string[] {
  const same = Object.values(topicSynonyms).find(([first]) => first?.key === name);
  return same?.map(({ key }) => key) ?? [name];
}

/** None named: all are asked for. */
function isAsked(names: readonly string[] | null, name: string): boolean {
  return names === null || names.length === 0 || names.includes(name);
}

/** Of all brokers together only what was set for all is told. */
function clusterDefaults(
  broker: BrokerServices,
  asked: Asked,
  resource: DescribeConfigsResource,
): DescribeConfigsResourceResult[] {
  const set = broker.metadata.image.clusterConfigs();
  const names = Object.keys(brokerConfigs.keys).filter((name) => set.has(name));
  const wanted = resource.configurationKeys;
  const configurationKeys = names.filter((name) => isAsked(wanted, name));
  const only = { ...resource, configurationKeys };
  const { current } = broker.dynamicConfigs;
  if (configurationKeys.length === 0) return [];
  const listed = list(asked, only, brokerConfigs.keys, current, () => ({
    source: SOURCES.cluster,
    readOnly: false,
    synonyms: () => [],
  }));
  return listed.map((one) => ({ ...one, value: set.get(one.name) ?? null }));
}

function list<Keys extends ConfigKeys>(
  asked: Asked,
  { configurationKeys }: DescribeConfigsResource,
  keys: Keys,
  config: ParsedConfig<Keys>,
  /** Of a key that does not have its default. */
  given: (name: keyof Keys & string) => Given,
): DescribeConfigsResourceResult[] {
  const names = (Object.keys(keys) as (keyof Keys & string)[]).filter((name) =>
    isAsked(configurationKeys, name),
  );
  return names.map((name) => {
    const key = keys[name] as Keys[typeof name];
    const isDefault = config.source(name) === 'default';
    const { source, readOnly, synonyms } = given(name);
    return describeConfigsResourceResult({
      name,
      value: key.type === 'PASSWORD' ? null : config.text(name),
      readOnly,
      isSensitive: key.type === 'PASSWORD',
      isDefault: asked.apiVersion === 0 && isDefault,
      configSource: isDefault ? DEFAULT_CONFIG : source,
      synonyms: asked.synonyms ? synonyms() : [],
      configType: CONFIG_TYPES[key.type],
      documentation: asked.documentation ? key.doc : null,
    });
  });
}
