/** What a program says of a cluster of real brokers, checked before anything is started. */
import { LARGEST_PORT, lastPort, portsWords } from '../server/cluster/layout.ts';
import { checkInteger, checkNames, checkObject, shown } from '../server/input-checks.ts';
import type { KafkaConfig, TopicOptions } from './options.ts';

export interface ServerOptions {
  /** Default: 3. */
  readonly brokers?: number;
  /** Default: 1. */
  readonly controllers?: number;
  /** By name; each with as many replicas as there are brokers, up to 3, unless it says otherwise. */
  readonly topics?: Readonly<Record<string, TopicOptions>>;
  /** Kafka's own keys, for every broker and controller. */
  readonly config?: KafkaConfig;
  /** A folder that keeps everything; default: memory. */
  readonly data?: string;
  /** Of the first broker; default: any free ones. */
  readonly port?: number;
}

const OPTIONS = ['brokers', 'controllers', 'topics', 'config', 'data', 'port'] as const;
const TOPIC_OPTIONS = ['partitions', 'replicationFactor', 'config'] as const;
const MOST_NODES = 100;
const MOST_PARTITIONS = 2 ** 31 - 1;
const MOST_REPLICAS = 32_767;

/** @throws TypeError or RangeError, which name the option, its value and what is allowed. */
export function checkServerOptions(options: ServerOptions): void {
  checkObject('startCluster: options', options);
  checkNames('startCluster', options, OPTIONS);
  const { brokers = 3, controllers = 1, port = 0, data } = options;
  checkInteger('startCluster: brokers', brokers, 1, MOST_NODES);
  checkInteger('startCluster: controllers', controllers, 1, MOST_NODES);
  checkInteger('startCluster: port', port, 0, LARGEST_PORT);
  if (lastPort(port, brokers) > LARGEST_PORT) {
    throw new RangeError(`startCluster: port: ${port}: ${portsWords(port, brokers)}`);
  }
  if (data !== undefined && (typeof data !== 'string' || data === '')) {
    throw new TypeError(`startCluster: data: ${shown(data)} is not the name of a folder`);
  }
  checkConfig('startCluster: config', options.config);
  if (options.topics !== undefined) checkObject('startCluster: topics', options.topics);
  for (const [name, topic] of Object.entries(options.topics ?? {})) checkTopic(name, topic);
}

function checkTopic(name: string, topic: TopicOptions): void {
  const place = `startCluster: topics.${name}`;
  checkObject(place, topic);
  checkNames(place, topic, TOPIC_OPTIONS);
  const { partitions = 1, replicationFactor = 1 } = topic;
  checkInteger(`${place}.partitions`, partitions, 1, MOST_PARTITIONS);
  checkInteger(`${place}.replicationFactor`, replicationFactor, 1, MOST_REPLICAS);
  checkConfig(`${place}.config`, topic.config);
}

function checkConfig(place: string, config: KafkaConfig | undefined): void {
  if (config === undefined) return;
  checkObject(place, config);
  for (const [key, value] of Object.entries(config)) {
    if (['string', 'number', 'boolean'].includes(typeof value)) continue;
    const allowed = 'allowed: a string, a number or a boolean';
    throw new TypeError(`${place}["${key}"]: ${shown(value)}; ${allowed}`);
  }
}
