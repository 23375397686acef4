import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'reads-from-the-leader-move-on',
  claim: 'R4',
  story:
    'A leader is cut off from everybody but its reader and does not know that another leads. The ' +
    'reader gets old records from it, never other ones, and goes on where it was when it finds ' +
    'the new leader.',
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100 },
    {
      consumer: 'c1',
      topic: 'orders',
      config: { 'auto.offset.reset': 'earliest', 'metadata.max.age.ms': '20000' },
    },
  ],
  faults: [
    {
      at: '5s',
      cut: ['leader:orders-0', ['followers:orders-0', 'controller:leader', 'client:p1']],
      for: '25s',
    },
  ],
  runFor: '40s',
  expect: {
    'counts.acknowledgedLost': 0,
    'clients.c1.duplicated': 0,
    'clients.c1.reordered': 0,
    'read-stable': 'holds',
    'acked-durable': 'holds',
    'log-match': 'holds',
  },
});
