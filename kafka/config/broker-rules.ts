/** What keys of brokers say of each other (Kafka: KafkaConfig.validateValues), but for security. */
import type { ConfigKey, ConfigView } from './define.ts';
import { parseScramCredentials } from './scram-credentials.ts';

/** What these rules look at. */
type RuleKeys = {
  readonly [name in (typeof NUMBERS)[number]]: ConfigKey<number>;
} & { readonly [name in (typeof OPTIONAL_NUMBERS)[number]]: ConfigKey<number | null> } & {
  readonly 'initial.scram.credentials': ConfigKey<string | null>;
  readonly 'max.connections.per.ip.overrides': ConfigKey<readonly string[]>;
};

const NUMBERS = [
  'replica.fetch.wait.max.ms',
  'replica.socket.timeout.ms',
  'replica.lag.time.max.ms',
  'connection.failed.authentication.delay.ms',
  'connections.max.idle.ms',
  'log.retention.hours',
  'max.connections.per.ip',
] as const;
const OPTIONAL_NUMBERS = ['log.retention.ms', 'log.retention.minutes'] as const;

type View = ConfigView<RuleKeys>;
type Broken = { key: keyof RuleKeys & string; problem: string; allowed: string } | null;

export const brokerRules: readonly ((config: View) => Broken)[] = [
  (config) => {
    const wait = config.get('replica.fetch.wait.max.ms');
    if (wait <= config.get('replica.socket.timeout.ms')) return null;
    const problem = 'is longer than replica.socket.timeout.ms';
    const allowed = `at most ${config.get('replica.socket.timeout.ms')}`;
    return { key: 'replica.fetch.wait.max.ms', problem, allowed };
  },
  (config) => {
    const wait = config.get('replica.fetch.wait.max.ms');
    if (wait <= config.get('replica.lag.time.max.ms')) return null;
    const problem = 'is longer than replica.lag.time.max.ms, so the ISR would keep changing';
    const allowed = `at most ${config.get('replica.lag.time.max.ms')}`;
    return { key: 'replica.fetch.wait.max.ms', problem, allowed };
  },
  (config) => {
    const key = 'initial.scram.credentials';
    const text = config.get(key);
    if (text === null || parseScramCredentials(text) !== null) return null;
    const allowed = 'SCRAM-SHA-256=[name=NAME,password=PASSWORD] (or 512; iterations=4096…16384)';
    return { key, problem: 'cannot be read', allowed };
  },
  (config) => {
    const key = 'connection.failed.authentication.delay.ms';
    const idle = config.get('connections.max.idle.ms');
    if (idle < 0 || config.get(key) < idle) return null;
    const problem = 'is not shorter than connections.max.idle.ms';
    return { key, problem, allowed: `less than ${idle}` };
  },
  // The first one that is given counts. Topics may have retention.ms=0; brokers may not.
  (config) => {
    const given = OPTIONAL_NUMBERS.find((name) => config.get(name) !== null);
    const key = given ?? 'log.retention.hours';
    if (config.get(key) !== 0) return null;
    return { key, problem: 'would keep nothing', allowed: '-1, or 1 and more' };
  },
  (config) => {
    const key = 'max.connections.per.ip';
    const some = config.get('max.connections.per.ip.overrides').length > 0;
    if (config.get(key) > 0 || some) return null;
    const problem = 'lets nobody in without max.connections.per.ip.overrides';
    return { key, problem, allowed: '1 and more' };
  },
  (config) => {
    const key = 'max.connections.per.ip.overrides';
    const wrong = config.get(key).find((text) => !/^.+:\d+$/.test(text));
    if (wrong === undefined) return null;
    return { key, problem: `has ${wrong}, which is no limit`, allowed: 'ADDRESS:COUNT,…' };
  },
];
