/** The rooms of one broker process, put together, and the order in which they start and stop. */
import { assert } from '../base/assert.ts';
import { Timer } from '../base/timers.ts';
import { type Uuid, uuidFromBytes, ZERO_UUID } from '../base/uuid.ts';
import { type BrokerConfig, brokerConfigs } from '../config/broker.ts';
import { parseConfig } from '../config/parse.ts';
import { ControllerParts } from '../controller/controller-parts.ts';
import { GroupCoordinator } from '../group/group-coordinator.ts';
import type { LogDirectory } from '../log/log-directory.ts';
import type { FoundLog, LogManager } from '../log/log-manager.ts';
import type { MetadataDelta } from '../metadata/delta.ts';
import { MetadataImage } from '../metadata/image.ts';
import { SnapshotGenerator } from '../metadata/snapshot-generator.ts';
import { createRaftClient } from '../raft/create-raft-client.ts';
import type { MetadataStorage } from '../raft/metadata-storage.ts';
import type { RaftClient } from '../raft/raft-client.ts';
import { AlterPartitionManager } from '../replication/alter-partition-manager.ts';
import { FetcherManager } from '../replication/fetcher-manager.ts';
import { ReplicaManager } from '../replication/replica-manager.ts';
import { RecheckQueue } from '../replication/waiters.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { RequestServer } from '../rpc/request-server.ts';
import { serverOptions } from '../rpc/server-options.ts';
import { createAuthorizer, type StandardAuthorizer } from '../security/authorizer.ts';
import {
  type ListenerAuthentication,
  listenerAuthentications,
} from '../security/listener-authentication.ts';
import { ErrorCode } from '../wire/errors.ts';
import { serveBrokerApis } from './apis.ts';
import { AutoTopicCreation } from './auto-topic-creation.ts';
import type { BrokerServices } from './broker-services.ts';
import { BrokerStorage } from './broker-storage.ts';
import { ControllerChannel } from './controller-channel.ts';
import { DirectoryAssignments } from './directory-assignments.ts';
import { DynamicConfigs } from './dynamic-configs.ts';
import { Forwarding } from './forwarding.ts';
import { groupSettings } from './group-settings.ts';
import { guardBroker } from './guards/guards.ts';
import { BrokerLifecycle } from './lifecycle.ts';
import {
  advertisedListeners,
  brokerListeners,
  interBrokerListener,
  protectedListener,
} from './listeners.ts';
import { MetadataPublisher } from './metadata-publisher.ts';
import { MetadataView } from './metadata-view.ts';
import { ProducerIdManager } from './producer-ids.ts';

/** BrokerServer waits this long for the controller to let it go. */
const CONTROLLED_SHUTDOWN_LIMIT_MS = 300_000;
const FORWARDING_RETRY_MS = 60_000;
/** controller.socket.timeout.ms */
const CONTROLLER_SOCKET_TIMEOUT_MS = 30_000;
const CONTROLLER_RECONNECT_BACKOFF_MS = 50;

export class BrokerParts implements BrokerServices {
  readonly runtime: NodeRuntime;
  readonly config: BrokerConfig;
  readonly brokerId: number;
  readonly clusterId: Uuid;
  readonly server: RequestServer;
  readonly authorizer: StandardAuthorizer | null;
  readonly metadata: MetadataView;
  readonly replicas: ReplicaManager;
  readonly groups: GroupCoordinator;
  readonly forwarding: Forwarding;
  readonly producerIds: ProducerIdManager;
  readonly autoTopics: AutoTopicCreation;
  readonly lifecycle: BrokerLifecycle;
  private readonly storage: BrokerStorage;
  private readonly image = new MetadataImage();
  readonly dynamicConfigs: DynamicConfigs;
  private readonly publisher: MetadataPublisher;
  /** null: the metadata directory failed at the start, and the node has halted. */
  private readonly raft: RaftClient | null;
  /** Of a node with both roles. */
  readonly controller: ControllerParts | null;
  private readonly channels: ControllerChannel[] = [];
  private readonly stopLimit = new Timer(() => this.stop());
  private recovered = false;
  private stopped = false;

  /** @throws InvalidConfig for a configuration that is wrong. */
  constructor(runtime: NodeRuntime, given: Readonly<Record<string, string>>) {
    const config = parseConfig(brokerConfigs, given, { at: 'broker' });
    const clusterId = config.get('cluster.id');
    assert(clusterId !== null, 'a broker needs cluster.id');
    this.runtime = runtime;
    this.config = config;
    this.brokerId = config.get('node.id');
    this.clusterId = clusterId;
    this.metadata = new MetadataView(this.image);
    this.dynamicConfigs = new DynamicConfigs(given, this.image, this.brokerId);
    this.storage = new BrokerStorage({
      runtime,
      config,
      clusterId,
      logConfigOf: (topic) => this.dynamicConfigs.ofTopic(topic),
      onDirectoryFailure: (directory) => this.directoryFailed(directory),
    });
    this.publisher = new MetadataPublisher(this.image, {
      published: (delta) => this.published(delta),
      unfit: (reason) => runtime.host.halt(reason),
    });
    const { metadata } = this.storage;
    this.raft = metadata === null ? null : this.createRaft(metadata);
    const heartbeats = this.channel('heartbeat', config.get('broker.session.timeout.ms') / 2);
    const alterPartitions = this.channel('alter-partition', Number.POSITIVE_INFINITY);
    const forwarded = this.channel('forwarding', FORWARDING_RETRY_MS);
    this.lifecycle = this.createLifecycle(heartbeats);
    const broker = { id: this.brokerId, epoch: () => this.lifecycle.brokerEpoch };
    const link = this.channel('directory-assignments', Number.POSITIVE_INFINITY);
    this.replicas = this.createReplicas(
      new AlterPartitionManager(runtime, alterPartitions, broker),
      new DirectoryAssignments({ runtime, link, image: this.image, broker }),
    );
    this.groups = this.createGroups();
    this.authorizer = createAuthorizer(config, this.image.acls);
    this.forwarding = new Forwarding(runtime, forwarded, this.authorizer !== null);
    this.producerIds = new ProducerIdManager(runtime, forwarded, broker);
    this.autoTopics = new AutoTopicCreation(config, forwarded, this.metadata);
    this.server = new RequestServer(runtime, {
      ...serverOptions(config, protectedListener(config)),
      authentications: this.authentications(),
    });
    serveBrokerApis(this);
    if (this.authorizer !== null) guardBroker(this, this.authorizer);
    this.controller = this.raft === null ? null : this.createController(this.raft);
    if (this.raft !== null) this.followMetadata(this.raft);
  }

  get logs(): LogManager {
    return this.storage.logs;
  }

  private authentications(): ReadonlyMap<string, ListenerAuthentication> {
    const { runtime, config, image } = this;
    const names = brokerListeners(config).map((one) => one.name);
    return listenerAuthentications(names, {
      config,
      crypto: runtime.host.crypto,
      random: runtime.host.random.stream('scram-nonce'),
      credentialOf: (user, mechanism) => image.scramCredential(user, mechanism),
    });
  }

  private createRaft(storage: MetadataStorage): RaftClient {
    const { runtime, config, clusterId } = this;
    const directoryId = this.storage.metadataDirectoryId;
    return createRaftClient({ runtime, config, clusterId, storage, directoryId });
  }

  private followMetadata(raft: RaftClient): void {
    const { runtime, config, image, publisher } = this;
    const snapshots = new SnapshotGenerator({ runtime, config, image, sink: raft });
    raft.register({
      committed: (batches) => {
        publisher.committed(batches);
        snapshots.committed(batches);
      },
      snapshotLoaded: (snapshot) => {
        publisher.snapshotLoaded(snapshot);
        snapshots.loaded();
      },
      // Channels look the controller up when they lose theirs.
      leaderChanged: () => {},
    });
  }

  /** With the controller role, too: its own listener beside the broker's. */
  private createController(raft: RaftClient): ControllerParts | null {
    const { runtime, config, clusterId } = this;
    if (!config.get('process.roles').includes('controller')) return null;
    const controller = new ControllerParts({ runtime, config, clusterId, raft });
    const names = new Set(config.get('controller.listener.names'));
    runtime.acceptWith({
      accepted: (input) => {
        const server = names.has(input.listener) ? controller.server : this.server;
        server.accepted(input);
      },
    });
    return controller;
  }

  /** One connection to the active controller per purpose, as Kafka keeps them. */
  private channel(purpose: string, retryTimeoutMs: number): ControllerChannel {
    const setupMs = this.config.get('socket.connection.setup.timeout.ms');
    const channel = new ControllerChannel({
      runtime: this.runtime,
      clientId: `broker-${this.brokerId}-${purpose}`,
      activeController: () => this.raft?.leader?.address ?? null,
      retryTimeoutMs,
      requestTimeoutMs: Math.min(CONTROLLER_SOCKET_TIMEOUT_MS, retryTimeoutMs),
      connectionSetupTimeoutMs: Math.min(setupMs, retryTimeoutMs),
      reconnectBackoffMs: CONTROLLER_RECONNECT_BACKOFF_MS,
      reconnectBackoffMaxMs: CONTROLLER_RECONNECT_BACKOFF_MS,
    });
    this.channels.push(channel);
    return channel;
  }

  private createReplicas(
    alterPartitions: AlterPartitionManager,
    directories: DirectoryAssignments,
  ): ReplicaManager {
    const { runtime, config, brokerId } = this;
    const { clock, trace } = runtime.host;
    const brokerEpoch = () => this.lifecycle.brokerEpoch;
    const listener = interBrokerListener(config);
    return new ReplicaManager({
      runtime,
      image: this.image,
      logs: this.storage.logs,
      liesElsewhere: ({ topicId, index: partition }, directory) =>
        directories.assign({ topicId, partition, directory }),
      context: {
        brokerId,
        brokerEpoch,
        replicaLagTimeMaxMs: config.get('replica.lag.time.max.ms'),
        clock,
        trace,
        cluster: this.metadata,
        rules: runtime.rules,
        rechecks: new RecheckQueue((action) => runtime.defer(action)),
        proposeIsr: (partition, proposal) => alterPartitions.submit(partition, proposal),
      },
      fetchers: new FetcherManager({
        runtime,
        brokerId,
        brokerEpoch,
        addressOf: (id) => this.metadata.addressOf(id, listener),
        maxWaitMs: config.get('replica.fetch.wait.max.ms'),
        minBytes: config.get('replica.fetch.min.bytes'),
        maxBytes: config.get('replica.fetch.max.bytes'),
        responseMaxBytes: config.get('replica.fetch.response.max.bytes'),
        backoffMs: config.get('replica.fetch.backoff.ms'),
        socketTimeoutMs: config.get('replica.socket.timeout.ms'),
        connectionSetupTimeoutMs: config.get('socket.connection.setup.timeout.ms'),
        connectionSetupTimeoutMaxMs: config.get('socket.connection.setup.timeout.max.ms'),
      }),
    });
  }

  private createGroups(): GroupCoordinator {
    const { runtime, replicas, image, brokerId } = this;
    const settings = groupSettings(this.config);
    return new GroupCoordinator({ runtime, replicas, image, brokerId, settings });
  }

  private createLifecycle(link: ControllerChannel): BrokerLifecycle {
    const { runtime, config } = this;
    const incarnation = runtime.host.random.stream('broker-incarnation').bytes(16);
    return new BrokerLifecycle({
      runtime,
      link,
      brokerId: this.brokerId,
      clusterId: this.clusterId,
      incarnationId: uuidFromBytes(incarnation, 0),
      listeners: advertisedListeners(config),
      rack: config.get('broker.rack'),
      heartbeatIntervalMs: config.get('broker.heartbeat.interval.ms'),
      registrationTimeoutMs: config.get('initial.broker.registration.timeout.ms'),
      logDirFailureTimeoutMs: config.get('log.dir.failure.timeout.ms'),
      logDirs: () => this.storage.onlineDirectoryIds(),
      previousBrokerEpoch: this.storage.logs.previousBrokerEpoch,
      metadataOffset: () => this.image.offset,
      quorumRefusal: () => this.raft?.refusal ?? ErrorCode.NONE,
      onCaughtUp: () => this.recover(),
      onMayStop: () => this.stop(),
    });
  }

  start(): void {
    this.raft?.start();
    this.controller?.listen();
    this.lifecycle.start();
  }

  /** Caught up with the metadata: loads the logs, takes the roles on, serves, may be unfenced. */
  private recover(): void {
    const { logs } = this.storage;
    this.recovered = true;
    logs.load((found) => this.isStray(found));
    this.publisher.start();
    this.replicas.start();
    logs.startBackgroundTasks();
    for (const { name } of brokerListeners(this.config)) this.runtime.host.network.listen(name);
    this.lifecycle.readyToUnfence();
  }

  /**
   * Its topic is gone or another one, or the replica was moved away while the broker was down. A
   * log that does not say whose it is belongs to nobody: it lost that before anything in it was
   * durable, or its disk is at fault (Kafka: LogManager.isStrayReplica).
   */
  private isStray({ topic, partition, topicId }: FoundLog): boolean {
    const present = this.image.topic(topic);
    if (present === undefined || topicId !== present.id) return true;
    return !present.partitions[partition]?.replicas.includes(this.brokerId);
  }

  private published(delta: MetadataDelta): void {
    for (const key of delta.changedConfigs) this.configChanged(key);
    this.replicas.applyDelta(delta);
    this.groups.applyDelta(delta);
  }

  private configChanged(key: string): void {
    const { logs } = this.storage;
    const topics = this.dynamicConfigs.changed(key);
    for (const log of logs.all()) {
      if (topics === null || topics.includes(log.topic)) {
        log.updateConfig(this.dynamicConfigs.ofTopic(log.topic));
      }
    }
  }

  private directoryFailed(directory: LogDirectory): void {
    const { runtime } = this;
    // The replicas may be in the middle of the call that failed, or not be there yet.
    runtime.defer(() => {
      if (this.storage.logs.directories.every((one) => !one.online)) {
        runtime.host.halt('all log directories have failed');
        return;
      }
      this.replicas.directoryFailed(directory);
      // One that could not even be read at the start was never registered.
      if (directory.id !== ZERO_UUID) this.lifecycle.directoryFailed(directory.id);
    });
  }

  /** SIGTERM: hands leaderships over before it leaves, if that is wanted. */
  beginStop(): void {
    if (!this.config.get('controlled.shutdown.enable')) return this.stop();
    const { runtime } = this;
    runtime.timers.arm(this.stopLimit, runtime.nowMs + CONTROLLED_SHUTDOWN_LIMIT_MS);
    this.replicas.beginControlledShutdown();
    this.lifecycle.beginControlledShutdown();
  }

  /** Serves no more, makes everything durable, leaves the clean marker, exits. */
  private stop(): void {
    if (this.stopped) return;
    this.stopped = true;
    const { runtime, lifecycle } = this;
    runtime.timers.cancel(this.stopLimit);
    lifecycle.close();
    this.server.closeAll();
    this.groups.stop();
    this.replicas.stop();
    for (const channel of this.channels) channel.close();
    const exit = (): void => runtime.host.exit();
    const end = (): void => {
      if (!this.recovered && !this.storage.logs.marksUnloaded) exit();
      else this.storage.logs.shutdownCleanly(lifecycle.brokerEpoch, exit);
    };
    if (this.controller !== null) return this.controller.stop(end);
    this.raft?.close();
    end();
  }
}
