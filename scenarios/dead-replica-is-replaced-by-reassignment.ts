import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'dead-replica-is-replaced-by-reassignment',
  claim: 'D8',
  story:
    'A replica dies for good, and nothing happens by itself. An operator gives its place to a ' +
    'fourth broker, which copies everything and joins the ISR.',
  cluster: {
    brokers: 4,
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
  faults: [{ at: '30s', kill: 'broker-3', name: 'death' }],
  operations: [
    { at: '1s', reassign: 'orders-0', replicas: [1, 2, 3], name: 'place' },
    { at: '60s', reassign: 'orders-0', replicas: [1, 2, 4], name: 'move' },
  ],
  runFor: '100s',
  expect: {
    'operations.place.error': 'NONE',
    'operations.move.error': 'NONE',
    'events.follower.started[node=broker-4].lastAt': { atLeast: 60000, atMost: 75000 },
    'counts.acknowledgedLost': 0,
    'acked-durable': 'holds',
    'reassign-safe': 'holds',
    'leader-complete': 'holds',
    'candidate-complete': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
    'metadata-progress': 'holds',
  },
});
