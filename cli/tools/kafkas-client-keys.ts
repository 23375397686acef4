/**
 * Keys that Kafka's clients have and that would have no effect on ours (Kafka 4.x:
 * CommonClientConfigs, ProducerConfig, ConsumerConfig, SaslConfigs, SslConfigs). They are refused
 * like any unknown key, in words that do not deny them.
 */
const LOGIN = 'only PLAIN and SCRAM are there';
const METRICS = 'the tools report no metrics';
const BYTES = 'the tools have options for what records look like';
const TLS = 'Node chooses';

const EXACT: Readonly<Record<string, string>> = {
  'client.dns.lookup': 'the operating system looks names up',
  'send.buffer.bytes': 'the operating system chooses',
  'receive.buffer.bytes': 'the operating system chooses',
  'metadata.recovery.strategy': 'the tools always go back to their bootstrap servers',
  'metadata.recovery.rebootstrap.trigger.ms':
    'the tools go back to their bootstrap servers at once',
  'bootstrap.controllers': 'the tools talk to brokers',
  'interceptor.classes': 'there are no classes to load',
  'partitioner.class': 'there are no classes to load',
  'security.providers': 'there are no classes to load',
  'key.serializer': BYTES,
  'value.serializer': BYTES,
  'key.deserializer': BYTES,
  'value.deserializer': BYTES,
  'sasl.client.callback.handler.class': LOGIN,
  'ssl.cipher.suites': TLS,
  'ssl.provider': TLS,
  'ssl.protocol': 'ssl.enabled.protocols says it',
  'ssl.keymanager.algorithm': TLS,
  'ssl.trustmanager.algorithm': TLS,
  'ssl.secure.random.implementation': TLS,
  'ssl.engine.factory.class': 'there are no classes to load',
};

const BEGINNINGS: readonly (readonly [prefix: string, why: string])[] = [
  ['sasl.kerberos.', LOGIN],
  ['sasl.login.', LOGIN],
  ['sasl.oauthbearer.', LOGIN],
  ['metric.', METRICS],
  ['metrics.', METRICS],
  ['enable.metrics.', METRICS],
  ['config.providers', 'values stand in the file itself'],
];

/** Why a key of Kafka's clients has no effect here; null: it is none of them. */
export function whyWithoutEffect(key: string): string | null {
  if (Object.hasOwn(EXACT, key)) return EXACT[key] as string;
  return BEGINNINGS.find(([prefix]) => key.startsWith(prefix))?.[1] ?? null;
}
