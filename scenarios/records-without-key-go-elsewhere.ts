import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'records-without-key-go-elsewhere',
  claim: 'O8',
  story:
    'The only replica of a partition is down. Records without key go to the other ' +
    'partitions as soon as the producer knows; what was in that partition’s queue before ' +
    'is never moved and waits.',
  cluster: { brokers: 3, topics: [{ name: 'orders', partitions: 3, replicationFactor: 1 }] },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 2000 },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '3s', kill: 'leader:orders-1', restartAfter: '20s' }],
  runFor: '40s',
  expect: {
    'clients.p1.latencyMs.p50': { atMost: 50 },
    'clients.p1.latencyMs.p95': { atMost: 1000 },
    'clients.p1.latencyMs.max': { atLeast: 15000 },
    'clients.p1.failed': 0,
    'counts.acknowledgedLost': 0,
    'acked-durable': 'holds',
  },
});
