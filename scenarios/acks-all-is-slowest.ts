import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'acks-all-is-slowest',
  claim: 'D11',
  story:
    'Three producers with the same load. acks=0 waits for nobody, acks=1 for the leader, ' +
    'acks=all for followers that are 20 ms away.',
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
      producer: 'p0',
      topic: 'orders',
      recordsPerSecond: 100,
      config: { acks: '0', 'linger.ms': '0' },
    },
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 100,
      config: { acks: '1', 'linger.ms': '0' },
    },
    {
      producer: 'pall',
      topic: 'orders',
      recordsPerSecond: 100,
      config: { acks: 'all', 'linger.ms': '0' },
    },
  ],
  faults: [{ at: 0, delay: ['leader:orders-0', 'followers:orders-0'], by: '20ms' }],
  runFor: '20s',
  expect: {
    'clients.p0.latencyMs.p50': { atMost: 0.2 },
    'clients.p1.latencyMs.p50': { atLeast: 0.2, atMost: 10 },
    'clients.pall.latencyMs.p50': { atLeast: 40 },
    'events.isr.proposed.count': 0,
    'counts.acknowledgedLost': 0,
    'acked-durable': 'holds',
  },
});
