/** The rooms of one broker process, put together, and the order in which they start and stop. */
import { Timer } from '../base/timers.ts';
import { type Uuid, uuidFromBytes } from '../base/uuid.ts';
import { type BrokerConfig, brokerConfigs } from '../config/broker.ts';
import { parseConfig } from '../config/parse.ts';
import { topicConfigFor } from '../config/topic.ts';
import type { Host } from '../host.ts';
import { logConfigFrom } from '../log/log-config.ts';
import type { LogDirectory } from '../log/log-directory.ts';
import { LogManager } from '../log/log-manager.ts';
import type { MetadataDelta } from '../metadata/delta.ts';
import { MetadataImage } from '../metadata/image.ts';
import { RaftObserver } from '../raft/raft-observer.ts';
import { AlterPartitionManager } from '../replication/alter-partition-manager.ts';
import { FetcherManager } from '../replication/fetcher-manager.ts';
import { ReplicaManager } from '../replication/replica-manager.ts';
import { RecheckQueue } from '../replication/waiters.ts';
import { NodeRuntime } from '../rpc/node-runtime.ts';
import { RequestServer } from '../rpc/request-server.ts';
import { serveBrokerApis } from './apis.ts';
import { AutoTopicCreation } from './auto-topic-creation.ts';
import type { BrokerServices } from './broker-services.ts';
import { ControllerChannel } from './controller-channel.ts';
import { Forwarding } from './forwarding.ts';
import { BrokerLifecycle } from './lifecycle.ts';
import { advertisedListeners, brokerListeners, interBrokerListener } from './listeners.ts';
import { MetadataPublisher } from './metadata-publisher.ts';
import { MetadataView } from './metadata-view.ts';
import { ProducerIdManager } from './producer-ids.ts';

/** BrokerServer waits this long for its controlled shutdown. */
const CONTROLLED_SHUTDOWN_LIMIT_MS = 300_000;
const FORWARDING_RETRY_MS = 60_000;
const CONTROLLER_SOCKET_TIMEOUT_MS = 30_000;
export class BrokerParts implements BrokerServices {
  readonly runtime: NodeRuntime;
  readonly config: BrokerConfig;
  readonly brokerId: number;
  readonly clusterId: Uuid;
  readonly server: RequestServer;
  readonly metadata: MetadataView;
  readonly replicas: ReplicaManager;
  readonly forwarding: Forwarding;
  readonly producerIds: ProducerIdManager;
  readonly autoTopics: AutoTopicCreation;
  readonly lifecycle: BrokerLifecycle;
  readonly logs: LogManager;
  private readonly image = new MetadataImage();
  private readonly publisher: MetadataPublisher;
  private readonly observer: RaftObserver;
  private readonly channels: ControllerChannel[] = [];
  private readonly stopLimit = new Timer(() => this.stop());
  private stopping = false;

  constructor(runtime: NodeRuntime, config: BrokerConfig, storage: MetadataStorage) {
    this.runtime = runtime;
    this.config = config;
    this.brokerId = storage.nodeId;
    this.clusterId = storage.clusterId;
    this.metadata = new MetadataView(this.image);
    this.logs = this.createLogs();
    this.observer = this.createObserver(storage);
    const broker = { id: this.brokerId, epoch: () => this.lifecycle.brokerEpoch };
    const sessionTimeoutMs = config.get('broker.session.timeout.ms');
    const heartbeats = this.channel('heartbeat', sessionTimeoutMs / 2);
    const alterPartitions = this.channel('alter-partition', Number.POSITIVE_INFINITY);
    const forwarded = this.channel('forwarding', FORWARDING_RETRY_MS);
    this.lifecycle = this.createLifecycle(heartbeats);
    this.replicas = this.createReplicas(
      new AlterPartitionManager(runtime, alterPartitions, broker),
    );
    this.forwarding = new Forwarding(runtime, forwarded);
    this.producerIds = new ProducerIdManager(runtime, forwarded, broker);
    this.autoTopics = new AutoTopicCreation(config, forwarded, this.metadata);
    this.publisher = new MetadataPublisher(this.image, {
      published: (delta) => this.published(delta),
    });
    this.server = new RequestServer(runtime, {
      maxFrameBytes: config.get('socket.request.max.bytes'),
    });
    serveBrokerApis(this);
  }

  /** One connection to the active controller per purpose, as Kafka keeps them. */
  private channel(purpose: string, retryTimeoutMs: number): ControllerChannel {
    const setupMs = this.config.get('socket.connection.setup.timeout.ms');
    const channel = new ControllerChannel({
      runtime: this.runtime,
      clientId: `broker-${this.brokerId}-${purpose}`,
      activeController: () => this.observer.leader?.address ?? null,
      retryTimeoutMs,
      requestTimeoutMs: Math.min(CONTROLLER_SOCKET_TIMEOUT_MS, retryTimeoutMs),
      connectionSetupTimeoutMs: Math.min(setupMs, retryTimeoutMs),
      reconnectBackoffMs: CONTROLLER_RECONNECT_BACKOFF_MS,
      reconnectBackoffMaxMs: CONTROLLER_RECONNECT_BACKOFF_MS,
    });
    this.channels.push(channel);
    return channel;
  }

  private createReplicas(alterPartitions: AlterPartitionManager): ReplicaManager {
    const { runtime, config, brokerId } = this;
    const { clock, trace } = runtime.host;
    const brokerEpoch = () => this.lifecycle.brokerEpoch;
    const listener = interBrokerListener(config);
    return new ReplicaManager({
      runtime,
      image: this.image,
      logs: this.logs,
      context: {
        brokerId,
        brokerEpoch,
        replicaLagTimeMaxMs: config.get('replica.lag.time.max.ms'),
        clock,
        trace,
        cluster: this.metadata,
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
      }),
    });
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
      logDirs: () => this.logs.onlineDirectoryIds,
      previousBrokerEpoch: this.logs.previousBrokerEpoch,
      metadataOffset: () => this.image.offset,
      onCaughtUp: () => this.recover(),
      onUnfenced: () => {},
      onMayStop: () => this.stop(),
    });
  }

  start(): void {
    this.observer.start();
    this.lifecycle.start();
  }

  /** Caught up with the metadata: loads the logs, serves, and asks to be unfenced. */
  private recover(): void {
    this.logs.load();
    this.publisher.start();
    this.replicas.start();
    this.logs.startBackgroundTasks();
    for (const { name } of brokerListeners(this.config)) this.runtime.host.network.listen(name);
    this.lifecycle.readyToUnfence();
  }

  private published(delta: MetadataDelta): void {
    this.replicas.applyDelta(delta);
    for (const key of delta.changedConfigs) this.configChanged(key);
  }
}
