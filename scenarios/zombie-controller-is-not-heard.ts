import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'zombie-controller-is-not-heard',
  claim: 'Z3, Z65',
  story:
    'The leader of the controllers loses the others, decides to create a topic, and freezes; ' +
    'another is elected and decides. When the first wakes up it still believes that it rules, ' +
    'with a decision in its log that nobody else has: what it sends carries an old epoch, it ' +
    'can commit nothing, and it steps down and forgets.',
  cluster: {
    brokers: 3,
    controllers: 3,
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '9900ms', cut: ['controller:leader', 'all:controllers'], for: '5s', name: 'cut-off' },
    { at: '10s', pause: 'controller:leader', for: '25s', name: 'freeze' },
    { at: '12s', kill: 'leader:orders-0', restartAfter: '30s', name: 'crash' },
  ],
  operations: [
    {
      at: '9950ms',
      createTopic: { name: 'payments', partitions: 1, replicationFactor: 2 },
      timeout: '60s',
      name: 'create',
    },
  ],
  runFor: '70s',
  expect: {
    'events.controller.resigned.count': 1,
    'events.controller.resigned[forgotten=0].count': 0,
    'events.topic.created[topic=payments].afterFault.freeze': { atLeast: 1000, atMost: 50000 },
    'operations.create.error': 'NONE',
    'one-leader-per-epoch': 'holds',
    'metadata-match': 'holds',
    'raft-leader-complete': 'holds',
    'raft-durable': 'holds',
    'events.quorum.state[state=leader].afterFault.freeze': { atLeast: 1000, atMost: 12000 },
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'counts.reordered': 0,
    'acked-durable': 'holds',
    'no-dup': 'holds',
    'read-stable': 'holds',
    'log-match': 'holds',
    'leader-complete': 'holds',
    'candidate-complete': 'holds',
    'unclean-excluded': 'holds',
    'isr-live': 'holds',
    'leader-live': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
    'consume-progress': 'holds',
    'metadata-progress': 'holds',
  },
});
