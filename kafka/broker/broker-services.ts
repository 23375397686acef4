/** What the API handlers of a broker share. */
import type { Uuid } from '../base/uuid.ts';
import type { BrokerConfig } from '../config/broker.ts';
import type { GroupCoordinator } from '../group/group-coordinator.ts';
import type { LogManager } from '../log/log-manager.ts';
import type { ReplicaManager } from '../replication/replica-manager.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import type { RequestServer } from '../rpc/request-server.ts';
import type { StandardAuthorizer } from '../security/authorizer.ts';
import type { AutoTopicCreation } from './auto-topic-creation.ts';
import type { DynamicConfigs } from './dynamic-configs.ts';
import type { Forwarding } from './forwarding.ts';
import type { MetadataView } from './metadata-view.ts';
import type { ProducerIdManager } from './producer-ids.ts';

export interface BrokerServices {
  readonly runtime: NodeRuntime;
  readonly config: BrokerConfig;
  readonly dynamicConfigs: DynamicConfigs;
  readonly brokerId: number;
  readonly clusterId: Uuid;
  readonly server: RequestServer;
  /** null: everybody may do everything. */
  readonly authorizer: StandardAuthorizer | null;
  readonly metadata: MetadataView;
  readonly replicas: ReplicaManager;
  readonly logs: LogManager;
  readonly groups: GroupCoordinator;
  readonly forwarding: Forwarding;
  readonly producerIds: ProducerIdManager;
  readonly autoTopics: AutoTopicCreation;
}
