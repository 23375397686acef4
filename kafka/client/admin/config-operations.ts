/** Settings of topics and brokers, feature levels, and brokers that are gone for ever. */
import { apis } from '../../wire/apis.ts';
import { errorName } from '../../wire/errors.ts';
import {
  describeConfigsRequest,
  describeConfigsResource,
} from '../../wire/generated/describe-configs-request.ts';
import type { DescribeConfigsResourceResult } from '../../wire/generated/describe-configs-response.ts';
import {
  type AlterableConfig,
  alterableConfig,
  alterConfigsResource,
  incrementalAlterConfigsRequest,
} from '../../wire/generated/incremental-alter-configs-request.ts';
import { unregisterBrokerRequest } from '../../wire/generated/unregister-broker-request.ts';
import {
  featureUpdateKey,
  updateFeaturesRequest,
} from '../../wire/generated/update-features-request.ts';
import type { ConfigChange, ConfigResource, ConfigSetting } from '../commands.ts';
import { done, type Operation, resultOf, singleRequest, wholeError } from './operation.ts';

/** ConfigResource.Type. */
const RESOURCE_TYPES = { topic: 2, broker: 4 } as const;
/** AlterConfigOp.OpType. */
const SET = 0;
const DELETE = 1;
const APPEND = 2;
const SUBTRACT = 3;
/** ConfigSource. */
const DEFAULT_CONFIG = 5;
/** FeatureUpdate.UpgradeType. */
const UPGRADE = 1;
const SAFE_DOWNGRADE = 2;

/** One request goes to one broker: changes of a single broker's settings must be asked alone. */
export function alterConfigsCall(changes: readonly ConfigChange[]): Operation {
  const resources = changes.map((change) =>
    alterConfigsResource({
      resourceType: RESOURCE_TYPES[change.resource.type],
      resourceName: change.resource.name,
      configs: configsOf(change),
    }),
  );
  return singleRequest({
    name: 'alterConfigs',
    api: apis.IncrementalAlterConfigs,
    broker: brokerOf(changes.map((one) => one.resource)),
    hasEffect: true,
    request: () => incrementalAlterConfigsRequest({ resources }),
    read: ({ responses }) =>
      done({
        kind: 'operated',
        results: responses.map((one) => resultOf(nameOf(one.resourceType, one.resourceName), one)),
      }),
  });
}

function configsOf(change: ConfigChange): AlterableConfig[] {
  const entries = (values: Readonly<Record<string, string>>, configOperation: number) =>
    Object.keys(values)
      .sort()
      .map((name) => alterableConfig({ name, configOperation, value: values[name] ?? null }));
  const deleted = change.delete.map((name) =>
    alterableConfig({ name, configOperation: DELETE, value: null }),
  );
  return [
    ...entries(change.set, SET),
    ...deleted,
    ...entries(change.append, APPEND),
    ...entries(change.subtract, SUBTRACT),
  ];
}

export function describeConfigsCall(
  asked: readonly ConfigResource[],
  options: { readonly synonyms: boolean },
): Operation {
  const resources = asked.map(({ type, name }) =>
    describeConfigsResource({
      resourceType: RESOURCE_TYPES[type],
      resourceName: name,
      configurationKeys: null,
    }),
  );
  return singleRequest({
    name: 'describeConfigs',
    api: apis.DescribeConfigs,
    broker: brokerOf(asked),
    hasEffect: false,
    request: () => describeConfigsRequest({ resources, includeSynonyms: options.synonyms }),
    read: ({ results }) =>
      done({
        kind: 'configsDescribed',
        resources: results.map((one) => ({
          resource: { type: typeOf(one.resourceType), name: one.resourceName },
          error: errorName(one.errorCode),
          message: one.errorMessage,
          configs: one.configs.map(toSetting),
        })),
      }),
  });
}

function toSetting(config: DescribeConfigsResourceResult): ConfigSetting {
  return {
    name: config.name,
    value: config.value,
    isDefault: config.configSource === DEFAULT_CONFIG,
    source: sourceName(config.configSource),
    isSensitive: config.isSensitive,
    isReadOnly: config.readOnly,
    synonyms: config.synonyms.map(({ name, value, source }) => ({
      name,
      value,
      source: sourceName(source),
    })),
  };
}

/** ConfigEntry.ConfigSource, by its number in the protocol. */
const SOURCES: readonly string[] = [
  'UNKNOWN',
  'DYNAMIC_TOPIC_CONFIG',
  'DYNAMIC_BROKER_CONFIG',
  'DYNAMIC_DEFAULT_BROKER_CONFIG',
  'STATIC_BROKER_CONFIG',
  'DEFAULT_CONFIG',
  'DYNAMIC_BROKER_LOGGER_CONFIG',
  'DYNAMIC_CLIENT_METRICS_CONFIG',
  'DYNAMIC_GROUP_CONFIG',
];

function sourceName(source: number): string {
  return SOURCES[source] ?? 'UNKNOWN';
}

/** Only a broker itself knows and judges its own settings. */
function brokerOf(resources: readonly ConfigResource[]): number | null {
  const one = resources.find(({ type, name }) => type === 'broker' && name !== '');
  return one === undefined ? null : Number(one.name);
}

function typeOf(resourceType: number): ConfigResource['type'] {
  return resourceType === RESOURCE_TYPES.topic ? 'topic' : 'broker';
}

function nameOf(resourceType: number, name: string): string {
  if (typeOf(resourceType) === 'topic') return name;
  return name === '' ? 'all brokers' : `broker ${name}`;
}

export function updateFeatureCall(
  feature: string,
  level: number,
  options: { readonly downgrade: boolean },
): Operation {
  const update = featureUpdateKey({
    feature,
    maxVersionLevel: level,
    upgradeType: options.downgrade ? SAFE_DOWNGRADE : UPGRADE,
  });
  return singleRequest({
    name: 'updateFeature',
    api: apis.UpdateFeatures,
    hasEffect: true,
    request: (timeoutMs) => updateFeaturesRequest({ featureUpdates: [update], timeoutMs }),
    read: ({ errorCode, errorMessage }) => {
      const whole = wholeError(errorCode, errorMessage);
      if (whole?.kind === 'retry') return whole;
      const results = [resultOf(feature, { errorCode, errorMessage })];
      return done({ kind: 'operated', results });
    },
  });
}

export function unregisterBrokerCall(brokerId: number): Operation {
  return singleRequest({
    name: 'unregisterBroker',
    api: apis.UnregisterBroker,
    hasEffect: true,
    request: () => unregisterBrokerRequest({ brokerId }),
    read: ({ errorCode, errorMessage }) => {
      const whole = wholeError(errorCode, errorMessage);
      if (whole?.kind === 'retry') return whole;
      const results = [resultOf(`broker ${brokerId}`, { errorCode, errorMessage })];
      return done({ kind: 'operated', results });
    },
  });
}
