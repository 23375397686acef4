/**
 * The keys of Kafka's brokers that Trial does not have, and what becomes of them. Most have nothing
 * to act on, or are of rooms that are not there yet: they are told and skipped. Where skipping
 * would let in more, or keep less, than was asked for, the key is refused. With what is declared in
 * `kafka/config/` these are all keys of Kafka 4.1 (KafkaConfig), and those that 4.0 dropped.
 */
import { LISTENER_PREFIX } from '../../kafka/config/parse.ts';

export interface AbsentKey {
  /** What that means. */
  readonly why: string;
  /** The values that change nothing, where others are refused; null: any is told and skipped. */
  readonly harmless: readonly string[] | null;
}

/** Their names, by why they have no effect. */
const TOLD: readonly (readonly [why: string, names: string])[] = [
  [
    'a node here is one thread',
    `num.network.threads num.io.threads num.recovery.threads.per.data.dir background.threads
     num.replica.alter.log.dirs.threads queued.max.requests queued.max.request.bytes
     group.coordinator.threads`,
  ],
  [
    'the operating system chooses',
    `socket.send.buffer.bytes socket.receive.buffer.bytes replica.socket.receive.buffer.bytes
     socket.listen.backlog.size`,
  ],
  ['the rate of new connections is not limited here', 'max.connection.creation.rate'],
  ['a listener opens when its node can serve', 'early.start.listeners'],
  ['how long a controller is waited for cannot be chosen here', 'controller.socket.timeout.ms'],
  ['the limit is 2000 here', 'max.request.partition.size.limit'],
  [
    'who waits is let go at once, not swept up later',
    `delete.records.purgatory.purge.interval.requests fetch.purgatory.purge.interval.requests
     producer.purgatory.purge.interval.requests share.fetch.purgatory.purge.interval.requests`,
  ],
  ['a start takes the time it takes', 'server.max.startup.time.ms'],
  [
    'slow events of the controller are not logged',
    'controller.performance.always.log.threshold.ms controller.performance.sample.period.ms',
  ],
  [
    'nothing unstable is there',
    'unstable.api.versions.enable unstable.feature.versions.enable eligible.leader.replicas.enable',
  ],
  [
    'it is for Kafka’s own tests',
    `internal.metadata.delete.delay.millis internal.metadata.log.segment.bytes
     internal.metadata.max.batch.size.in.bytes internal.metadata.max.fetch.size.in.bytes`,
  ],
  [
    'no cleaner compacts logs here',
    `log.cleaner.backoff.ms log.cleaner.dedupe.buffer.size log.cleaner.enable
     log.cleaner.io.buffer.load.factor log.cleaner.io.buffer.size
     log.cleaner.io.max.bytes.per.second log.cleaner.max.compaction.lag.ms
     log.cleaner.min.cleanable.ratio log.cleaner.min.compaction.lag.ms log.cleaner.threads`,
  ],
  ['files grow as they are written', 'log.preallocate'],
  ['committed offsets are written uncompressed', 'offsets.topic.compression.codec'],
  ['a coordinator appends each write by itself', 'group.coordinator.append.linger.ms'],
  ['groups have the classic protocol only', 'group.coordinator.rebalance.protocols'],
  [
    'delegation tokens are not there; nobody comes in with one',
    `delegation.token.secret.key delegation.token.master.key delegation.token.max.lifetime.ms
     delegation.token.expiry.time.ms delegation.token.expiry.check.interval.ms`,
  ],
  ['as in Kafka: it has to be <mechanism>.sasl.jaas.config', 'sasl.jaas.config'],
  [
    'nodes here open no connections with TLS, and names of clients are not checked by it',
    'ssl.endpoint.identification.algorithm',
  ],
  ['ssl.enabled.protocols says which versions of TLS there are', 'ssl.protocol'],
  ['TLS here is that of Node.js', 'ssl.keymanager.algorithm ssl.secure.random.implementation'],
  ['certificates are read once, at the start', 'ssl.allow.dn.changes ssl.allow.san.changes'],
  [
    'transactions are not there yet',
    `transaction.remove.expired.transaction.cleanup.interval.ms
     transaction.state.log.load.buffer.size transaction.state.log.segment.bytes
     transaction.two.phase.commit.enable add.partitions.to.txn.retry.backoff.ms
     add.partitions.to.txn.retry.backoff.max.ms`,
  ],
  [
    'share groups are not there yet',
    `group.share.assignors group.share.delivery.count.limit group.share.enable
     group.share.heartbeat.interval.ms group.share.max.heartbeat.interval.ms
     group.share.max.record.lock.duration.ms group.share.max.session.timeout.ms
     group.share.max.share.sessions group.share.max.size group.share.min.heartbeat.interval.ms
     group.share.min.record.lock.duration.ms group.share.min.session.timeout.ms
     group.share.partition.max.record.locks group.share.persister.class.name
     group.share.record.lock.duration.ms group.share.session.timeout.ms
     share.coordinator.append.linger.ms share.coordinator.cold.partition.snapshot.interval.ms
     share.coordinator.load.buffer.size share.coordinator.snapshot.update.records.per.snapshot
     share.coordinator.state.topic.compression.codec share.coordinator.state.topic.min.isr
     share.coordinator.state.topic.num.partitions share.coordinator.state.topic.prune.interval.ms
     share.coordinator.state.topic.replication.factor share.coordinator.state.topic.segment.bytes
     share.coordinator.threads share.coordinator.write.timeout.ms group.share.max.groups`,
  ],
  [
    'groups of Kafka Streams are not there yet',
    `group.streams.heartbeat.interval.ms group.streams.max.heartbeat.interval.ms
     group.streams.max.session.timeout.ms group.streams.max.size
     group.streams.max.standby.replicas group.streams.min.heartbeat.interval.ms
     group.streams.min.session.timeout.ms group.streams.num.standby.replicas
     group.streams.session.timeout.ms`,
  ],
  [
    'the consumer group protocol of KIP-848 is not there yet',
    `group.consumer.assignors group.consumer.max.heartbeat.interval.ms
     group.consumer.max.session.timeout.ms group.consumer.max.size
     group.consumer.migration.policy group.consumer.min.heartbeat.interval.ms
     group.consumer.min.session.timeout.ms group.consumer.regex.refresh.interval.ms`,
  ],
  [
    'tiered storage is not there yet',
    `log.local.retention.bytes log.local.retention.ms remote.fetch.max.wait.ms
     remote.list.offsets.request.timeout.ms remote.log.index.file.cache.total.size.bytes
     remote.log.manager.copier.thread.pool.size remote.log.manager.copy.max.bytes.per.second
     remote.log.manager.copy.quota.window.num remote.log.manager.copy.quota.window.size.seconds
     remote.log.manager.expiration.thread.pool.size remote.log.manager.fetch.max.bytes.per.second
     remote.log.manager.fetch.quota.window.num remote.log.manager.fetch.quota.window.size.seconds
     remote.log.manager.task.interval.ms remote.log.manager.task.retry.backoff.max.ms
     remote.log.manager.task.retry.backoff.ms remote.log.manager.task.retry.jitter
     remote.log.manager.thread.pool.size remote.log.metadata.custom.metadata.max.bytes
     remote.log.metadata.manager.class.name remote.log.metadata.manager.class.path
     remote.log.metadata.manager.impl.prefix remote.log.metadata.manager.listener.name
     remote.log.reader.max.pending.tasks remote.log.reader.threads
     remote.log.storage.manager.class.name remote.log.storage.manager.class.path
     remote.log.storage.manager.impl.prefix`,
  ],
  [
    'quotas are not there yet',
    `alter.log.dirs.replication.quota.window.num
     alter.log.dirs.replication.quota.window.size.seconds controller.quota.window.num
     controller.quota.window.size.seconds quota.window.num quota.window.size.seconds
     replication.quota.window.num replication.quota.window.size.seconds
     leader.replication.throttled.rate follower.replication.throttled.rate
     replica.alter.log.dirs.io.max.bytes.per.second`,
  ],
  [
    'metrics reporters are not there yet',
    `kafka.metrics.polling.interval.secs kafka.metrics.reporters metric.reporters
     metrics.num.samples metrics.recording.level metrics.sample.window.ms`,
  ],
  ['client telemetry is not there yet', `telemetry.max.bytes`],
  [
    'nodes here log in nowhere',
    `sasl.login.callback.handler.class sasl.login.class sasl.login.connect.timeout.ms
     sasl.login.read.timeout.ms sasl.login.refresh.buffer.seconds
     sasl.login.refresh.min.period.seconds sasl.login.refresh.window.factor
     sasl.login.refresh.window.jitter sasl.login.retry.backoff.max.ms sasl.login.retry.backoff.ms
     sasl.client.callback.handler.class`,
  ],
  [
    'GSSAPI is not there yet, and refused where a listener has it',
    `sasl.kerberos.kinit.cmd sasl.kerberos.min.time.before.relogin
     sasl.kerberos.principal.to.local.rules sasl.kerberos.service.name
     sasl.kerberos.ticket.renew.jitter sasl.kerberos.ticket.renew.window.factor`,
  ],
  [
    'OAUTHBEARER is not there yet, and refused where a listener has it',
    `sasl.oauthbearer.assertion.algorithm sasl.oauthbearer.assertion.claim.aud
     sasl.oauthbearer.assertion.claim.exp.seconds sasl.oauthbearer.assertion.claim.iss
     sasl.oauthbearer.assertion.claim.jti.include sasl.oauthbearer.assertion.claim.nbf.seconds
     sasl.oauthbearer.assertion.claim.sub sasl.oauthbearer.assertion.file
     sasl.oauthbearer.assertion.private.key.file
     sasl.oauthbearer.assertion.private.key.passphrase sasl.oauthbearer.assertion.template.file
     sasl.oauthbearer.client.credentials.client.id
     sasl.oauthbearer.client.credentials.client.secret sasl.oauthbearer.clock.skew.seconds
     sasl.oauthbearer.expected.audience sasl.oauthbearer.expected.issuer
     sasl.oauthbearer.jwks.endpoint.refresh.ms
     sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms
     sasl.oauthbearer.jwks.endpoint.retry.backoff.ms sasl.oauthbearer.jwks.endpoint.url
     sasl.oauthbearer.jwt.retriever.class sasl.oauthbearer.jwt.validator.class
     sasl.oauthbearer.scope sasl.oauthbearer.scope.claim.name sasl.oauthbearer.sub.claim.name
     sasl.oauthbearer.token.endpoint.url`,
  ],
  [
    'Kafka 4 does not have it any more',
    `auto.include.jmx.reporter broker.id.generation.enable control.plane.listener.name
     controlled.shutdown.max.retries controlled.shutdown.retry.backoff.ms
     group.coordinator.new.enable inter.broker.protocol.version log.message.downconversion.enable
     log.message.format.version log.message.timestamp.difference.max.ms
     metadata.log.segment.min.bytes offsets.commit.required.acks reserved.broker.max.id`,
  ],
];

/** What has names of its own making, by how they begin. */
const TOLD_FAMILIES: readonly (readonly [prefix: string, why: string])[] = [
  ['rsm.config.', 'tiered storage is not there yet'],
  ['rlmm.config.', 'tiered storage is not there yet'],
  ['metrics.context.', 'metrics reporters are not there yet'],
  ['gssapi.', 'GSSAPI is not there yet, and refused where a listener has it'],
  ['oauthbearer.', 'OAUTHBEARER is not there yet, and refused where a listener has it'],
  ['zookeeper.', 'Kafka 4 does not have it any more'],
  ['password.encoder.', 'Kafka 4 does not have it any more'],
];

const DEFAULT_PRINCIPALS =
  'org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder';
const DEFAULT_ENGINES = 'org.apache.kafka.common.security.ssl.DefaultSslEngineFactory';

/** Whoever asks for these must not get less. */
const REFUSED: Readonly<Record<string, AbsentKey>> = {
  'ssl.cipher.suites': refused('cipher suites cannot be chosen yet'),
  'ssl.provider': refused('TLS here is that of Node.js, without Java’s providers'),
  'ssl.trustmanager.algorithm': refused('TLS here is that of Node.js', 'PKIX', 'SunX509'),
  'ssl.engine.factory.class': refused('own makers of TLS are not there yet', DEFAULT_ENGINES),
  'principal.builder.class': refused('own principals are not there yet', DEFAULT_PRINCIPALS),
  'sasl.server.callback.handler.class': refused('own judges of credentials are not there yet'),
  'sasl.mechanism.controller.protocol': refused('SASL between nodes is not there yet', 'GSSAPI'),
  'security.providers': refused('Java’s providers are not there'),
  'client.quota.callback.class': refused('quotas are not there yet'),
  'create.topic.policy.class.name': refused('own policies are not there yet'),
  'alter.config.policy.class.name': refused('own policies are not there yet'),
  'config.providers': refused('values are taken as they are, not from providers'),
  'remote.log.storage.system.enable': refused('tiered storage is not there yet', 'false'),
};

function refused(why: string, ...harmless: string[]): AbsentKey {
  return { why, harmless: ['', ...harmless] };
}

const told: ReadonlyMap<string, string> = new Map(
  TOLD.flatMap(([why, names]) => names.split(/\s+/).map((name) => [name, why])),
);

/** Names that a mistyped one may mean. */
export const absentNames: readonly string[] = [...told.keys(), ...Object.keys(REFUSED)];

/** Kafka's limits of single listeners (SocketServer), beside what is security. */
const OF_LISTENERS = ['max.connections', 'max.connection.creation.rate', 'num.network.threads'];
const SECURITY = /^(ssl|sasl|principal|gssapi|oauthbearer)\./;
const MECHANISM = /^(plain|scram-sha-(256|512))\.(?=sasl\.)/;

/** Of a key that is not declared; null: Kafka does not know it either. */
export function absentKey(name: string): AbsentKey | null {
  if (!name.startsWith(LISTENER_PREFIX)) return plainKey(name.replace(MECHANISM, ''));
  const rest = name.slice(LISTENER_PREFIX.length);
  const key = rest.slice(rest.indexOf('.') + 1).replace(MECHANISM, '');
  if (!rest.includes('.')) return null;
  if (OF_LISTENERS.includes(key)) {
    return plainKey(key) ?? { why: 'listeners have no limits of their own here', harmless: null };
  }
  return SECURITY.test(key) ? plainKey(key) : null;
}

function plainKey(name: string): AbsentKey | null {
  const grave = Object.hasOwn(REFUSED, name) ? REFUSED[name] : undefined;
  if (grave !== undefined) return grave;
  const why = told.get(name) ?? TOLD_FAMILIES.find(([prefix]) => name.startsWith(prefix))?.[1];
  return why === undefined ? null : { why, harmless: null };
}
