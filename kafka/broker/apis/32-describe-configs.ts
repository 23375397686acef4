/**
 * DescribeConfigs (key 32): effective settings of topics and of this broker, with where each
 * value comes from (KIP-133, KIP-226).
 */
import { brokerConfigs } from '../../config/broker.ts';
import type { ConfigKeys, ConfigType } from '../../config/define.ts';
import type { ConfigSource, ParsedConfig } from '../../config/parse.ts';
import { topicConfigFor, topicConfigs } from '../../config/topic.ts';
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
  describeConfigsResourceResult,
  describeConfigsResponse,
  describeConfigsResult,
} from '../../wire/generated/describe-configs-response.ts';
import type { BrokerServices } from '../broker-services.ts';

/** ConfigSource ids of the protocol. */
const TOPIC_CONFIG = 1;
const STATIC_BROKER_CONFIG = 4;
const DEFAULT_CONFIG = 5;

/** ConfigType ids of the protocol. */
const CONFIG_TYPES: Readonly<Record<ConfigType, number>> = {
  BOOLEAN: 1,
  STRING: 2,
  INT: 3,
  LONG: 5,
  LIST: 7,
  CLASS: 8,
};

interface Asked {
  readonly apiVersion: number;
  readonly documentation: boolean;
}

export function describeConfigs(broker: BrokerServices) {
  return (context: RequestContext, request: DescribeConfigsRequest): void => {
    const asked = {
      apiVersion: context.apiVersion,
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
  if (resourceType === ConfigResourceType.TOPIC) {
    const { image } = broker.metadata;
    if (image.topic(resourceName) === undefined) {
      return refuse(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, `no topic ${resourceName}`);
    }
    const overrides = Object.fromEntries(image.topicConfigs(resourceName));
    const config = topicConfigFor(broker.config, overrides);
    const configs = list(asked, resource, topicConfigs.keys, config, TOPIC_CONFIG, false);
    return describeConfigsResult({ resourceType, resourceName, configs });
  }
  if (resourceType === ConfigResourceType.BROKER) {
    if (resourceName !== '' && Number(resourceName) !== broker.brokerId) {
      return refuse(ErrorCode.INVALID_REQUEST, `this is broker ${broker.brokerId}`);
    }
    const { config } = broker;
    const source = STATIC_BROKER_CONFIG;
    const configs = list(asked, resource, brokerConfigs.keys, config, source, true);
    return describeConfigsResult({ resourceType, resourceName, configs });
  }
  return refuse(ErrorCode.INVALID_REQUEST, `no configs of resource type ${resourceType}`);
}

function list<Keys extends ConfigKeys>(
  asked: Asked,
  { configurationKeys }: DescribeConfigsResource,
  keys: Keys,
  config: ParsedConfig<Keys>,
  givenSource: number,
  readOnly: boolean,
): DescribeConfigsResourceResult[] {
  const sources: Readonly<Record<ConfigSource, number>> = {
    given: givenSource,
    broker: STATIC_BROKER_CONFIG,
    default: DEFAULT_CONFIG,
  };
  const names = (Object.keys(keys) as (keyof Keys & string)[]).filter(
    (name) => configurationKeys === null || configurationKeys.includes(name),
  );
  return names.map((name) => {
    const key = keys[name] as Keys[typeof name];
    const source = config.source(name);
    return describeConfigsResourceResult({
      name,
      value: config.text(name),
      readOnly,
      isDefault: asked.apiVersion === 0 && source === 'default',
      configSource: sources[source],
      configType: CONFIG_TYPES[key.type],
      documentation: asked.documentation ? key.doc : null,
    });
  });
}
