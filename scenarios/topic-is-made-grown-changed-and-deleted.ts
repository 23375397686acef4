import { scenario } from '../sim/scenario/builder.ts';

const LARGE = 'x'.repeat(2000);

export default scenario({
  name: 'topic-is-made-grown-changed-and-deleted',
  claim: 'Z4',
  story:
    'An operator makes a topic, looks at it, gives it more partitions, lowers the size of its ' +
    'records for a while, and deletes it. A second topic of the name, fewer partitions than there ' +
    'are, a record that is too large now, and all that comes after the end are refused. The ' +
    'replicas are gone from every broker, the name is free for a topic that begins at 0, and ' +
    'the other topic hears nothing of it.',
  cluster: {
    brokers: 3,
    controllers: 3,
    config: { 'auto.create.topics.enable': 'false' },
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, config: { acks: 'all' } },
    {
      producer: 'p2',
      topic: 'payments',
      sends: [
        ...Array.from({ length: 60 }, (_, i) => ({ at: 3000 + i * 100, partition: i % 2 })),
        { at: 9500, partition: 0, value: LARGE },
        { at: 10500, partition: 0, value: LARGE },
        ...Array.from({ length: 20 }, (_, i) => ({ at: 18_000 + i * 100, partition: 0 })),
      ],
      config: { acks: 'all', 'metadata.max.age.ms': '1000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  operations: [
    {
      at: '2s',
      name: 'create',
      createTopic: {
        name: 'payments',
        partitions: 2,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    },
    {
      at: '4s',
      name: 'create-again',
      createTopic: { name: 'payments', partitions: 2, replicationFactor: 3 },
    },
    { at: '5s', name: 'describe', describeTopics: 'payments' },
    { at: '6s', name: 'grow', createPartitions: 'payments', count: 4 },
    { at: '8s', name: 'shrink', createPartitions: 'payments', count: 3 },
    {
      at: '9s',
      name: 'change',
      alterConfigs: 'topic:payments',
      set: { 'max.message.bytes': '1000' },
    },
    { at: '10s', name: 'take-back', alterConfigs: 'topic:payments', delete: ['max.message.bytes'] },
    { at: '11s', name: 'delete', deleteTopic: 'payments' },
    { at: '15s', name: 'delete-again', deleteTopic: 'payments' },
    { at: '16s', name: 'grow-nothing', createPartitions: 'payments', count: 8 },
    {
      at: '17s',
      name: 'make-anew',
      createTopic: { name: 'payments', partitions: 1, replicationFactor: 3 },
    },
  ],
  runFor: '30s',
  expect: {
    'operations.create.error': 'NONE',
    'operations.create-again.error': 'TOPIC_ALREADY_EXISTS',
    'operations.describe.error': 'NONE',
    'operations.grow.error': 'NONE',
    'operations.shrink.error': 'INVALID_PARTITIONS',
    'operations.change.error': 'NONE',
    'operations.take-back.error': 'NONE',
    'operations.delete.error': 'NONE',
    'operations.delete-again.error': 'UNKNOWN_TOPIC_OR_PARTITION',
    'operations.grow-nothing.error': 'UNKNOWN_TOPIC_OR_PARTITION',
    'operations.make-anew.error': 'NONE',
    'events.topic.created[topic=payments].count': 2,
    'events.topic.deleted[topic=payments].count': 1,
    'events.topic.deleted[topic=orders].count': 0,
    'events.leader.elected[partition=payments-3,how=created].count': 1,
    'events.leader.elected[partition=payments-4].count': 0,
    'events.replica.deleted[partition=payments-0,why=topic-deleted].count': 3,
    'events.replica.deleted[partition=payments-3,why=topic-deleted].count': 3,
    'events.replica.deleted[partition=orders-0].count': 0,
    'clients.p2.acknowledged': 81,
    'clients.p2.acknowledgedLost': 61,
    'clients.p2.errors.MESSAGE_TOO_LARGE': 1,
    'clients.p2.failed': 1,
    'clients.p1.acknowledgedLost': 0,
    'clients.p1.failed': 0,
    'counts.acknowledgedLost': 61,
    'counts.duplicated': 0,
    'counts.reordered': 0,
    'acked-durable': 'allowed',
    'offset-unique': 'allowed',
    'read-stable': 'holds',
    'no-dup': 'holds',
    'producer-order': 'holds',
    'log-match': 'holds',
    'metadata-match': 'holds',
    'produce-progress': 'holds',
    'consume-progress': 'holds',
    'metadata-progress': 'holds',
  },
});
