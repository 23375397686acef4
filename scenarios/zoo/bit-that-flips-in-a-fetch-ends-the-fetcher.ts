import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'bit-that-flips-in-a-fetch-ends-the-fetcher',
  claim: 'R6',
  story:
    'A bit flips in a batch on its way to a follower. The checksum tells, and the thread that ' +
    'fetches from that leader ends: all partitions of the leader stand still on this follower.',
  cluster: {
    brokers: 3,
    variants: { 'fetch-damage': 'ends-fetcher' },
    topics: [
      {
        name: 'orders',
        partitions: 4,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    {
      at: '10s',
      flipInFlight: ['leader:orders-0', 'followers:orders-0'],
      api: 'Fetch',
    },
  ],
  runFor: '70s',
  expect: {
    'follower-progress': 'violated',
  },
});
