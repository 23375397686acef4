import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'follower-that-falls-behind-leaves-and-latency-recovers',
  claim: 'D11',
  story:
    'One follower gets fewer bytes than the load brings and falls further and further behind; ' +
    'acks=all waits for it all the longer. 30 to 45 s after it was last caught up it leaves ' +
    'the ISR, and writes are fast again.',
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
      producer: 'bulk',
      topic: 'orders',
      recordsPerSecond: 200,
      valueBytes: 1000,
      stopAt: '55s',
      config: { acks: '1' },
    },
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 20,
      stopAt: '55s',
      config: { acks: 'all', 'request.timeout.ms': '60000' },
    },
    {
      producer: 'p2',
      topic: 'orders',
      recordsPerSecond: 20,
      startAt: '60s',
      config: { acks: 'all' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    {
      at: '5s',
      slowLink: ['leader:orders-0', 'follower:orders-0'],
      bytesPerSecond: 20000,
      name: 'slow',
      for: '75s',
    },
  ],
  runFor: '100s',
  expect: {
    'events.isr.changed.afterFault.slow': { atLeast: 29000, atMost: 46000 },
    'clients.p1.latencyMs.max': { atLeast: 20000 },
    'clients.p2.latencyMs.p95': { atMost: 1000 },
    'counts.acknowledgedLost': 0,
    'clients.p1.duplicated': 0,
    'acked-durable': 'holds',
    'follower-progress': 'holds',
  },
});
