import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'acks-1-loses-an-acknowledged-record',
  claim: 'D2',
  story:
    'The leader confirms records that no follower has. It loses power. The records never existed.',
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
      recordsPerSecond: 200,
      config: { acks: '1', 'enable.idempotence': 'false' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'followers:orders-0'] },
    { at: '4s', powerCut: 'leader:orders-0', restartAfter: '20s' },
    { at: '4s', heal: 'all' },
  ],
  runFor: '40s',
  expect: {
    'counts.acknowledgedLost': { atLeast: 1 },
    'acked-durable': 'allowed',
    'log-match': 'holds',
    'read-stable': 'holds',
  },
});
