import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'acks-all-survives-leader-crash',
  claim: 'D3b',
  story:
    'The same faults as in acks-1-loses-an-acknowledged-record, but the producer waits for all ' +
    'in-sync replicas. What the cut-off leader could not replicate it never confirmed.',
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
      config: { acks: 'all', 'enable.idempotence': 'true' },
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
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'counts.reordered': 0,
    'acked-durable': 'holds',
    'no-dup': 'holds',
    'producer-order': 'holds',
    'log-match': 'holds',
    'read-stable': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
  },
});
