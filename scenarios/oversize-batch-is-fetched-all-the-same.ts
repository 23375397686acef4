import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'oversize-batch-is-fetched-all-the-same',
  claim: 'R6',
  story:
    'Batches are larger than a follower’s fetches may be. Each fetch brings at least one ' +
    'batch, however large, and the followers stay in sync.',
  cluster: {
    brokers: 3,
    config: { 'replica.fetch.max.bytes': '10000' },
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
      recordsPerSecond: 20,
      stopAt: '10s',
      config: { acks: '1' },
    },
    {
      producer: 'p2',
      topic: 'orders',
      recordsPerSecond: 1,
      valueBytes: 50000,
      startAt: '10s',
      config: { acks: '1' },
    },
    {
      consumer: 'c1',
      topic: 'orders',
      config: { 'auto.offset.reset': 'earliest', 'max.partition.fetch.bytes': '10000' },
    },
  ],
  runFor: '80s',
  expect: {
    'events.isr.proposed.count': 0,
    'follower-progress': 'holds',
    'isr-stable': 'holds',
    'acked-durable': 'holds',
    'counts.consumed': { atLeast: 260 },
  },
});
