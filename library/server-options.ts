/** What a program says of a cluster of real brokers, checked before anything is started. */
import { didYouMean, nearestName } from '../kafka/config/nearest.ts';
import { LARGEST_PORT, lastPort, portsWords } from '../server/cluster/layout.ts';
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
  checkNames('startCluster', options, OPTIONS);
  const { brokers = 3, controllers = 1, port = 0, data } = options;
  checkNumber('brokers', brokers, 1, MOST_NODES);
  checkNumber('controllers', controllers, 1, MOST_NODES);
  checkNumber('port', port, 0, LARGEST_PORT);
  if (lastPort(port, brokers) > LARGEST_PORT) {
    throw new RangeError(`startCluster: port: ${port}: ${portsWords(port, brokers)}`);
  }
  if (data !== undefined && (typeof data !== 'string' || data === '')) {
    throw new TypeError(`startCluster: data: ${shown(data)} is not the name of a folder`);
  }
  checkConfig('config', options.config);
  if (options.topics !== undefined) checkObject('topics', options.topics);
  for (const [name, topic] of Object.entries(options.topics ?? {})) checkTopic(name, topic);
}

function checkTopic(name: string, topic: TopicOptions): void {
  const place = `topics.${name}`;
  checkObject(place, topic);
  checkNames(`startCluster: ${place}`, topic, TOPIC_OPTIONS);
  const { partitions = 1, replicationFactor = 1 } = topic;
  checkNumber(`${place}.partitions`, partitions, 1, MOST_PARTITIONS);
  checkNumber(`${place}.replicationFactor`, replicationFactor, 1, MOST_REPLICAS);
  checkConfig(`${place}.config`, topic.config);
}

function checkNames(place: string, options: object, known: readonly string[]): void {
  const stranger = Object.keys(options).find((name) => !known.includes(name));
  if (stranger === undefined) return;
  const question = didYouMean(nearestName(stranger, known));
  const help = question === '' ? `there are ${known.join(', ')}` : question;
  throw new TypeError(`${place}: there is no option "${stranger}"; ${help}`);
}

function checkNumber(name: string, value: number, min: number, max: number): void {
  const allowed = `allowed: an integer from ${min} to ${max}`;
  if (!Number.isInteger(value)) {
    throw new TypeError(`startCluster: ${name}: ${shown(value)} is not an integer; ${allowed}`);
  }
  if (value >= min && value <= max) return;
  throw new RangeError(`startCluster: ${name}: ${value} is out of range; ${allowed}`);
}

function checkConfig(name: string, config: KafkaConfig | undefined): void {
  if (config === undefined) return;
  checkObject(name, config);
  for (const [key, value] of Object.entries(config)) {
    if (['string', 'number', 'boolean'].includes(typeof value)) continue;
    const allowed = 'allowed: a string, a number or a boolean';
    throw new TypeError(`startCluster: ${name}["${key}"]: ${shown(value)}; ${allowed}`);
  }
}

function checkObject(name: string, value: unknown): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  throw new TypeError(`startCluster: ${name}: ${shown(value)} is not an object`);
}

function shown(value: unknown): string {
  return typeof value === 'number' ? String(value) : (JSON.stringify(value) ?? String(value));
}
