import { type Acl, AclOperation, ResourceType } from '../../../kafka/security/acl.ts';
import type { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { acl, EVERYTHING, topicId } from './acl-lab.ts';

const { GROUP, CLUSTER, TRANSACTIONAL_ID } = ResourceType;
const OP = AclOperation;
const {
  TOPIC_AUTHORIZATION_FAILED: NO_TOPIC,
  GROUP_AUTHORIZATION_FAILED: NO_GROUP,
  CLUSTER_AUTHORIZATION_FAILED: NO_CLUSTER,
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: NO_TRANSACTION,
} = ErrorCode;

type Needed = Partial<Acl>;
const topic = (operation: number): Needed => ({ operation });
const group = (operation: number): Needed => ({
  resourceType: GROUP,
  resourceName: 'g',
  operation,
});
const cluster = (operation: number): Needed => ({
  resourceType: CLUSTER,
  resourceName: 'kafka-cluster',
  operation,
});
const transaction = (operation: number): Needed => ({
  resourceType: TRANSACTIONAL_ID,
  resourceName: 't',
  operation,
});

const orders = { name: 'orders' };
const partitions = [{ partitionIndex: 0 }];
const config = { resourceType: 2, resourceName: 'orders' };
const brokerConfig = { resourceType: 4, resourceName: '1' };

export interface Case {
  readonly api: keyof typeof apis;
  readonly body: object | (() => object);
  readonly version?: number;
  readonly needs: readonly Needed[];
  readonly refused: number;
}

export const CASES: readonly Case[] = [
  {
    api: 'Produce',
    body: {
      acks: 1,
      timeoutMs: 100,
      topicData: [{ ...orders, partitionData: [{ index: 0, records: null }] }],
    },
    needs: [topic(OP.WRITE)],
    refused: NO_TOPIC,
  },
  {
    api: 'Produce',
    body: {
      acks: 1,
      transactionalId: 't',
      topicData: [{ ...orders, partitionData: [{ index: 0, records: null }] }],
    },
    needs: [transaction(OP.WRITE), topic(OP.WRITE)],
    refused: NO_TRANSACTION,
  },
  {
    api: 'Fetch',
    body: () => ({
      maxWaitMs: 10,
      topics: [{ topicId, partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 100 }] }],
    }),
    needs: [topic(OP.READ)],
    refused: NO_TOPIC,
  },
  {
    api: 'Fetch',
    body: {
      maxWaitMs: 10,
      topics: [
        { topic: 'orders', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 100 }] },
      ],
    },
    version: 11,
    needs: [topic(OP.READ)],
    refused: NO_TOPIC,
  },
  {
    api: 'ListOffsets',
    body: {
      replicaId: -1,
      topics: [{ ...orders, partitions: [{ partitionIndex: 0, timestamp: -1 }] }],
    },
    needs: [topic(OP.DESCRIBE)],
    refused: NO_TOPIC,
  },
  { api: 'Metadata', body: { topics: [orders] }, needs: [topic(OP.DESCRIBE)], refused: NO_TOPIC },
  {
    api: 'Metadata',
    body: () => ({ topics: [{ name: null, topicId }] }),
    needs: [topic(OP.READ)],
    refused: NO_TOPIC,
  },
  {
    api: 'OffsetCommit',
    body: { groupId: 'g', topics: [{ ...orders, partitions }] },
    needs: [group(OP.READ), topic(OP.READ)],
    refused: NO_GROUP,
  },
  {
    api: 'OffsetFetch',
    body: { groups: [{ groupId: 'g', topics: [{ ...orders, partitionIndexes: [0] }] }] },
    needs: [group(OP.DESCRIBE), topic(OP.DESCRIBE)],
    refused: NO_GROUP,
  },
  {
    api: 'OffsetFetch',
    body: { groupId: 'g', topics: [{ ...orders, partitionIndexes: [0] }] },
    version: 5,
    needs: [group(OP.READ), topic(OP.READ)],
    refused: NO_GROUP,
  },
  {
    api: 'FindCoordinator',
    body: { keyType: 0, coordinatorKeys: ['g'] },
    needs: [group(OP.DESCRIBE)],
    refused: NO_GROUP,
  },
  {
    api: 'FindCoordinator',
    body: { keyType: 0, key: 'g' },
    version: 2,
    needs: [group(OP.READ)],
    refused: NO_GROUP,
  },
  {
    api: 'FindCoordinator',
    body: { keyType: 1, coordinatorKeys: ['t'] },
    needs: [transaction(OP.DESCRIBE)],
    refused: NO_TRANSACTION,
  },
  {
    api: 'JoinGroup',
    body: {
      groupId: 'g',
      sessionTimeoutMs: 10_000,
      protocolType: 'consumer',
      protocols: [{ name: 'range', metadata: new Uint8Array(0) }],
    },
    needs: [group(OP.READ)],
    refused: NO_GROUP,
  },
  {
    api: 'SyncGroup',
    body: { groupId: 'g', protocolType: 'consumer', protocolName: 'range' },
    needs: [group(OP.READ)],
    refused: NO_GROUP,
  },
  { api: 'Heartbeat', body: { groupId: 'g' }, needs: [group(OP.READ)], refused: NO_GROUP },
  { api: 'LeaveGroup', body: { groupId: 'g' }, needs: [group(OP.READ)], refused: NO_GROUP },
  {
    api: 'DescribeGroups',
    body: { groups: ['g'] },
    needs: [group(OP.DESCRIBE)],
    refused: NO_GROUP,
  },
  {
    api: 'DeleteGroups',
    body: { groupsNames: ['g'] },
    needs: [group(OP.DELETE)],
    refused: NO_GROUP,
  },
  {
    api: 'OffsetDelete',
    body: { groupId: 'g', topics: [{ ...orders, partitions }] },
    needs: [group(OP.DELETE), topic(OP.READ)],
    refused: NO_GROUP,
  },
  {
    api: 'DeleteRecords',
    body: {
      timeoutMs: 100,
      topics: [{ ...orders, partitions: [{ partitionIndex: 0, offset: 0 }] }],
    },
    needs: [topic(OP.DELETE)],
    refused: NO_TOPIC,
  },
  {
    api: 'InitProducerId',
    body: { transactionalId: null },
    needs: [cluster(OP.IDEMPOTENT_WRITE)],
    refused: NO_CLUSTER,
  },
  {
    api: 'InitProducerId',
    body: { transactionalId: null },
    needs: [topic(OP.WRITE)],
    refused: NO_CLUSTER,
  },
  {
    api: 'InitProducerId',
    body: { transactionalId: 't' },
    needs: [transaction(OP.WRITE)],
    refused: NO_TRANSACTION,
  },
  {
    api: 'OffsetForLeaderEpoch',
    body: { topics: [{ topic: 'orders', partitions: [{ partition: 0, leaderEpoch: 0 }] }] },
    needs: [topic(OP.DESCRIBE)],
    refused: NO_TOPIC,
  },
  {
    api: 'DescribeConfigs',
    body: { resources: [config] },
    needs: [topic(OP.DESCRIBE_CONFIGS)],
    refused: NO_TOPIC,
  },
  {
    api: 'DescribeConfigs',
    body: { resources: [config] },
    needs: [topic(OP.ALTER_CONFIGS)],
    refused: NO_TOPIC,
  },
  {
    api: 'DescribeConfigs',
    body: { resources: [brokerConfig] },
    needs: [cluster(OP.DESCRIBE_CONFIGS)],
    refused: NO_CLUSTER,
  },
  {
    api: 'DescribeLogDirs',
    body: { topics: null },
    needs: [cluster(OP.DESCRIBE)],
    refused: NO_CLUSTER,
  },
  {
    api: 'DescribeClientQuotas',
    body: {},
    needs: [cluster(OP.DESCRIBE_CONFIGS)],
    refused: NO_CLUSTER,
  },
  {
    api: 'DescribeProducers',
    body: { topics: [{ ...orders, partitionIndexes: [0] }] },
    needs: [topic(OP.READ)],
    refused: NO_TOPIC,
  },
  {
    api: 'DescribeTopicPartitions',
    body: { topics: [orders] },
    needs: [topic(OP.DESCRIBE)],
    refused: NO_TOPIC,
  },
  {
    api: 'DescribeUserScramCredentials',
    body: { users: null },
    needs: [cluster(OP.DESCRIBE)],
    refused: NO_CLUSTER,
  },
  { api: 'DescribeAcls', body: EVERYTHING, needs: [cluster(OP.DESCRIBE)], refused: NO_CLUSTER },
  // From here on the controller decides.
  {
    api: 'CreateTopics',
    body: {
      timeoutMs: 100,
      validateOnly: true,
      topics: [{ name: 'new', numPartitions: 1, replicationFactor: 1 }],
    },
    needs: [{ resourceName: 'new', operation: OP.CREATE }],
    refused: NO_TOPIC,
  },
  {
    api: 'CreateTopics',
    body: {
      timeoutMs: 100,
      validateOnly: true,
      topics: [{ name: 'new', numPartitions: 1, replicationFactor: 1 }],
    },
    needs: [cluster(OP.CREATE)],
    refused: NO_TOPIC,
  },
  {
    api: 'DeleteTopics',
    body: { topics: [{ name: 'secrets' }] },
    needs: [{ resourceName: 'secrets', operation: OP.DELETE }],
    refused: NO_TOPIC,
  },
  {
    api: 'DeleteTopics',
    body: { topicNames: ['nothing'] },
    version: 5,
    needs: [{ resourceName: 'nothing', operation: OP.DELETE }],
    refused: NO_TOPIC,
  },
  {
    api: 'CreatePartitions',
    body: { timeoutMs: 100, validateOnly: true, topics: [{ ...orders, count: 2 }] },
    needs: [topic(OP.ALTER)],
    refused: NO_TOPIC,
  },
  {
    api: 'AlterConfigs',
    body: { validateOnly: true, resources: [{ ...config, configs: [] }] },
    needs: [topic(OP.ALTER_CONFIGS)],
    refused: NO_TOPIC,
  },
  {
    api: 'IncrementalAlterConfigs',
    body: { validateOnly: true, resources: [{ ...config, configs: [] }] },
    needs: [topic(OP.ALTER_CONFIGS)],
    refused: NO_TOPIC,
  },
  {
    api: 'IncrementalAlterConfigs',
    body: { validateOnly: true, resources: [{ ...brokerConfig, configs: [] }] },
    needs: [cluster(OP.ALTER_CONFIGS)],
    refused: NO_CLUSTER,
  },
  {
    api: 'ElectLeaders',
    body: { topicPartitions: null },
    needs: [cluster(OP.ALTER)],
    refused: NO_CLUSTER,
  },
  { api: 'AlterPartitionReassignments', body: {}, needs: [cluster(OP.ALTER)], refused: NO_CLUSTER },
  {
    api: 'ListPartitionReassignments',
    body: { topics: null },
    needs: [cluster(OP.DESCRIBE)],
    refused: NO_CLUSTER,
  },
  { api: 'UpdateFeatures', body: {}, needs: [cluster(OP.ALTER)], refused: NO_CLUSTER },
  {
    api: 'UnregisterBroker',
    body: { brokerId: 9 },
    needs: [cluster(OP.ALTER)],
    refused: NO_CLUSTER,
  },
  {
    api: 'AlterUserScramCredentials',
    body: { deletions: [{ name: 'x', mechanism: 1 }] },
    needs: [cluster(OP.ALTER)],
    refused: NO_CLUSTER,
  },
  {
    api: 'CreateAcls',
    body: { creations: [{ ...acl({}), resourcePatternType: 3 }] },
    needs: [cluster(OP.ALTER)],
    refused: NO_CLUSTER,
  },
  {
    api: 'DeleteAcls',
    body: { filters: [{ ...EVERYTHING, principalFilter: 'User:x' }] },
    needs: [cluster(OP.ALTER)],
    refused: NO_CLUSTER,
  },
  {
    api: 'DescribeQuorum',
    body: { topics: [{ topicName: '__cluster_metadata', partitions }] },
    needs: [cluster(OP.DESCRIBE)],
    refused: NO_CLUSTER,
  },
  { api: 'AddRaftVoter', body: { voterId: 9 }, needs: [cluster(OP.ALTER)], refused: NO_CLUSTER },
  { api: 'RemoveRaftVoter', body: { voterId: 9 }, needs: [cluster(OP.ALTER)], refused: NO_CLUSTER },
];
