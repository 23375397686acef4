import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'group-shares-partitions-and-idles-beyond-them',
  claim: 'G1',
  story:
    'A group of one, then two, four and six consumers reads a topic of four partitions. ' +
    'In every generation each partition has one of them; the fifth and the sixth have ' +
    'nothing to do.',
  cluster: {
    brokers: 3,
    config: { 'offsets.topic.num.partitions': '1' },
    topics: [{ name: 'orders', partitions: 4, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 40, partition: 'round-robin' },
    ...['c1', 'c2', 'c3', 'c4', 'c5', 'c6'].map((consumer, i) => ({
      consumer,
      group: 'billing',
      topics: ['orders'],
      startAt: [0, 6_000, 12_000, 12_000, 18_000, 18_000][i] as number,
      config: { 'auto.offset.reset': 'earliest' },
    })),
  ],
  runFor: '26s',
  expect: {
    'single-owner': 'holds',
    'commit-durable': 'holds',
    'commit-latest': 'holds',
    'at-least-once': 'holds',
    'groups.billing.idle': 2,
    'groups.billing.missed': 0,
    'groups.billing.rebalances': { atLeast: 4 },
    'groups.billing.distinct': 1040,
  },
});
