/**
 * All config tables by level, for whoever handles keys without knowing their level beforehand:
 * scenario validation, `--set`, `trial list configs`.
 */
import { unreachable } from '../base/assert.ts';
import { adminConfigs } from './admin.ts';
import { brokerConfigs } from './broker.ts';
import { consumerConfigs } from './consumer.ts';
import type { ConfigKeys, ConfigLevel } from './define.ts';
import { type ConfigError, checkConfig } from './parse.ts';
import { producerConfigs } from './producer.ts';
import { topicConfigs } from './topic.ts';

export const configLevels: readonly ConfigLevel[] = [
  'topic',
  'broker',
  'producer',
  'consumer',
  'admin',
];

/** The declared keys of a level. */
export function keysOfLevel(level: ConfigLevel): ConfigKeys {
  switch (level) {
    case 'broker':
      return brokerConfigs.keys;
    case 'topic':
      return topicConfigs.keys;
    case 'producer':
      return producerConfigs.keys;
    case 'consumer':
      return consumerConfigs.keys;
    case 'admin':
      return adminConfigs.keys;
    default:
      return unreachable(level);
  }
}

/** The levels that declare a key, in the order of `configLevels`. */
export function levelsOfKey(name: string): ConfigLevel[] {
  return configLevels.filter((level) => Object.hasOwn(keysOfLevel(level), name));
}

/** Every problem of a raw map of one level; `at` says where the map stands. */
export function checkLevel(
  level: ConfigLevel,
  raw: Readonly<Record<string, string>>,
  at: string,
): ConfigError[] {
  switch (level) {
    case 'broker':
      return checkConfig(brokerConfigs, raw, { at });
    case 'topic':
      return checkConfig(topicConfigs, raw, { at });
    case 'producer':
      return checkConfig(producerConfigs, raw, { at });
    case 'consumer':
      return checkConfig(consumerConfigs, raw, { at });
    case 'admin':
      return checkConfig(adminConfigs, raw, { at });
    default:
      return unreachable(level);
  }
}
