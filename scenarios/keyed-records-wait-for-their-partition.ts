import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'keyed-records-wait-for-their-partition',
  claim: 'O8',
  story:
    'The only replica of a partition is down. Records whose keys belong there wait for it ' +
    'and are sent to no other partition, however long it takes.',
  cluster: { brokers: 3, topics: [{ name: 'orders', partitions: 3, replicationFactor: 1 }] },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, keys: { distinct: 30 } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '3s', kill: 'leader:orders-1', restartAfter: '20s' }],
  runFor: '40s',
  expect: {
    'clients.p1.latencyMs.p50': { atMost: 50 },
    'clients.p1.latencyMs.p95': { atLeast: 5000 },
    'clients.p1.latencyMs.max': { atLeast: 15000 },
    'clients.p1.failed': 0,
    'counts.acknowledgedLost': 0,
    'producer-order': 'holds',
    'acked-durable': 'holds',
  },
});
