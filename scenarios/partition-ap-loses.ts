import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'partition-ap-loses',
  claim: 'C2',
  story:
    'acks=1, one in-sync replica is enough, unclean election allowed. The same network partition: ' +
    'both sides go on confirming, and when it heals, what the old leader confirmed is thrown away.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 50,
      config: { acks: '1', 'request.timeout.ms': '5000' },
    },
    {
      producer: 'p2',
      topic: 'orders',
      recordsPerSecond: 50,
      config: { acks: '1', 'request.timeout.ms': '5000' },
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
    'cap.split.sides.0.writable': true,
    'cap.split.sides.1.writable': true,
    'cap.split.sides.0.acknowledgedLost': { atLeast: 1 },
    'cap.split.survived': false,
    'counts.acknowledgedLost': { atLeast: 1 },
    'acked-durable': 'allowed',
    'log-match': 'holds',
  },
});
