import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'partition-leader-with-one-follower',
  claim: 'C3',
  story:
    'The leader and one follower are cut off from the controllers and the third replica. The ' +
    'pair may not shrink the ISR, the third is too few by itself: neither side confirms, and ' +
    'nothing is lost.',
  cluster: {
    brokers: 3,
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
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 50,
      config: { acks: 'all', 'request.timeout.ms': '5000' },
    },
    {
      producer: 'p2',
      topic: 'orders',
      recordsPerSecond: 50,
      config: { acks: 'all', 'request.timeout.ms': '5000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', isolate: ['leader:orders-0', 'follower:orders-0', 'client:p1'], name: 'split' },
    { at: '50s', heal: 'all' },
  ],
  runFor: '75s',
  expect: {
    'cap.split.sides.0.acknowledged': 0,
    'cap.split.sides.1.acknowledged': 0,
    'cap.split.survived': true,
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'acked-durable': 'holds',
    'read-stable': 'holds',
    'log-match': 'holds',
    'leader-complete': 'holds',
    'candidate-complete': 'holds',
    'metadata-match': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
  },
});
