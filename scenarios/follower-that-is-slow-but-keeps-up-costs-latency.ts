import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'follower-that-is-slow-but-keeps-up-costs-latency',
  claim: 'D11',
  story:
    'A follower that is far away and yet keeps up stays in the ISR, and every acks=all write ' +
    'waits for it.',
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '5s', delay: ['leader:orders-0', 'follower:orders-0'], by: '200ms', name: 'far' }],
  runFor: '120s',
  expect: {
    'events.isr.proposed.count': 0,
    'clients.p1.latencyMs.p50': { atLeast: 400 },
    'counts.acknowledgedLost': 0,
    'acked-durable': 'holds',
    'follower-progress': 'holds',
  },
});
