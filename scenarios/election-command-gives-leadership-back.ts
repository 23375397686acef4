import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'election-command-gives-leadership-back',
  claim: 'R7',
  story:
    'The preferred leader dies and comes back, and automatic rebalancing is off. Leadership ' +
    'stays where it is until an operator asks for the preferred election.',
  cluster: {
    brokers: 3,
    config: { 'auto.leader.rebalance.enable': 'false' },
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
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '10s', kill: 'leader:orders-0', restartAfter: '15s', name: 'death' }],
  operations: [{ at: '60s', electLeaders: 'preferred', partitions: ['orders-0'], name: 'elect' }],
  runFor: '90s',
  expect: {
    'operations.elect.error': 'NONE',
    'events.leader.elected[how=preferred].firstAt': { atLeast: 60000, atMost: 61000 },
    'events.leader.elected[how=preferred].count': 1,
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
