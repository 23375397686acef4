import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'partition-min-isr-1-leader-alone-refuses',
  claim: 'C1',
  story:
    'acks=all with one in-sync replica being enough. The leader is alone on its side, without ' +
    'controllers: it may not shrink its ISR, so it confirms nothing. The other side elects ' +
    'and goes on.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '1' },
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
    {
      at: '5s',
      cut: [
        ['leader:orders-0', 'client:p1'],
        ['followers:orders-0', 'all:controllers', 'client:p2', 'client:c1'],
      ],
      name: 'split',
    },
    { at: '50s', heal: 'all' },
  ],
  runFor: '75s',
  expect: {
    'cap.split.sides.0.acknowledged': 0,
    'cap.split.sides.1.acknowledged': { atLeast: 1 },
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
