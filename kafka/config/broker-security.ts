/**
 * Keys of a broker about who may come in (Kafka: SaslConfigs, BrokerSecurityConfigs). Most can be
 * given for one listener: `listener.name.<its name>.<key>`. `initial.scram.credentials` is ours:
 * what `kafka-storage format --add-scram` would have written into the metadata log.
 */
import { brokerTlsKeys, listenerTlsKeys } from './broker-tls.ts';
import type { ConfigKey } from './define.ts';
import { bool, className, int, list, long, oneOf, password, string } from './define.ts';

/** The authorizer that there is. */
const STANDARD_AUTHORIZER = 'org.apache.kafka.metadata.authorizer.StandardAuthorizer';
const SECURED_BROKERS = 'SASL and TLS between brokers';
const JAAS_DOC = 'JAAS entry of this mechanism';

export const brokerSecurityKeys = {
  ...brokerTlsKeys,
  'listener.security.protocol.map': list({
    default: [
      'SASL_SSL:SASL_SSL',
      'PLAINTEXT:PLAINTEXT',
      'SSL:SSL',
      'SASL_PLAINTEXT:SASL_PLAINTEXT',
    ],
    doc: 'The security protocol of each listener: NAME:PROTOCOL.',
  }),
  'security.inter.broker.protocol': oneOf(['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL'], {
    default: 'PLAINTEXT',
    notYet: SECURED_BROKERS,
    doc: 'How brokers talk among themselves.',
  }),
  'sasl.mechanism.inter.broker.protocol': string({
    default: 'GSSAPI',
    notYet: SECURED_BROKERS,
    doc: 'SASL mechanism of brokers among themselves.',
  }),
  'sasl.enabled.mechanisms': list({
    default: ['GSSAPI'],
    doc: 'SASL mechanisms that clients may choose; PLAIN, SCRAM-SHA-256 and SCRAM-SHA-512 are there.',
  }),
  'plain.sasl.jaas.config': password({
    default: null,
    doc: `${JAAS_DOC}: PlainLoginModule, with user_NAME="PASSWORD" for each user.`,
  }),
  'scram-sha-256.sasl.jaas.config': password({
    default: null,
    doc: `${JAAS_DOC}: ScramLoginModule; users are in the metadata log.`,
  }),
  'scram-sha-512.sasl.jaas.config': password({
    default: null,
    doc: `${JAAS_DOC}: ScramLoginModule; users are in the metadata log.`,
  }),
  'connections.max.reauth.ms': long({
    default: 0,
    doc: 'A client must authenticate again within this time, or is cut off; 0: never (KIP-368).',
  }),
  'plain.connections.max.reauth.ms': long({
    default: null,
    doc: 'connections.max.reauth.ms of clients that came with PLAIN.',
  }),
  'scram-sha-256.connections.max.reauth.ms': long({
    default: null,
    doc: 'connections.max.reauth.ms of clients that came with SCRAM-SHA-256.',
  }),
  'scram-sha-512.connections.max.reauth.ms': long({
    default: null,
    doc: 'connections.max.reauth.ms of clients that came with SCRAM-SHA-512.',
  }),
  'connection.failed.authentication.delay.ms': int({
    default: 100,
    min: 0,
    doc: 'How long a failed authentication waits for its answer and the end of its connection.',
  }),
  'sasl.server.max.receive.size': int({
    default: 524288,
    min: 0,
    doc: 'Largest request of a client that has not authenticated yet.',
  }),
  'authorizer.class.name': className({
    default: null,
    notYet: 'own authorizers',
    works: [STANDARD_AUTHORIZER],
    doc: 'Who decides what clients may do; unset: everybody may do everything.',
  }),
  'super.users': string({
    default: null,
    doc: 'Who may do everything: User:NAME, separated by semicolons.',
  }),
  'allow.everyone.if.no.acl.found': bool({
    default: false,
    doc: 'Whether everybody may do what no ACL is about.',
  }),
  'initial.scram.credentials': password({
    default: null,
    doc: `SCRAM users a new cluster begins with, separated by semicolons:
      SCRAM-SHA-256=[name=alice,password=secret].`.replace(/\s+/g, ' '),
  }),
};

/** Those that a listener can have for itself. */
export const listenerSecurityKeys = [
  'sasl.enabled.mechanisms',
  'plain.sasl.jaas.config',
  'scram-sha-256.sasl.jaas.config',
  'scram-sha-512.sasl.jaas.config',
  'connections.max.reauth.ms',
  'plain.connections.max.reauth.ms',
  'scram-sha-256.connections.max.reauth.ms',
  'scram-sha-512.connections.max.reauth.ms',
  ...listenerTlsKeys,
] as const satisfies readonly (keyof typeof brokerSecurityKeys)[];

/** What rules about listeners look at. */
export type ListenerSecurityKeys = typeof brokerSecurityKeys & {
  readonly listeners: ConfigKey<readonly string[]>;
  readonly 'controller.listener.names': ConfigKey<readonly string[]>;
  readonly 'inter.broker.listener.name': ConfigKey<string | null>;
};
