import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'oversize-batches-are-never-fetched',
  claim: 'R6',
  story:
    'Batches are larger than a follower’s fetches may be. Each fetch brings nothing, the ' +
    'followers leave the ISR one after the other, and never come back.',
  cluster: {
    brokers: 3,
    config: { 'replica.fetch.max.bytes': '10000' },
    variants: { 'oversize-batch': 'never' },
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 20, stopAt: '10s', config: { acks: '1' } },
    {
      producer: 'p2',
      topic: 'orders',
      recordsPerSecond: 1,
      valueBytes: 50000,
      startAt: '10s',
      config: { acks: '1' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [],
  runFor: '80s',
  expect: {
    'follower-progress': 'violated',
  },
});
