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
