import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'more-members-work-a-backlog-off',
  claim: 'G9',
  story:
    'One member takes 20 ms for each record and is given a hundred of them a second: its ' +
    'lag grows. Three more members join, a partition each, and the backlog is worked off.',
  cluster: {
    brokers: 3,
    config: { 'offsets.topic.num.partitions': '1' },
    topics: [{ name: 'orders', partitions: 4, replicationFactor: 3 }],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 100,
      partition: 'round-robin',
      count: 2000,
    },
    ...['c1', 'c2', 'c3', 'c4'].map((consumer, i) => ({
      ...{ consumer, group: 'billing', topics: ['orders'], commit: 'after' as const },
      ...{ process: '20ms', startAt: i === 0 ? 0 : 12_000 },
      config: { 'auto.offset.reset': 'earliest', 'max.poll.records': '20' },
    })),
  ],
  runFor: '32s',
  expect: {
    'single-owner': 'holds',
    'commit-durable': 'holds',
    'commit-latest': 'holds',
    'at-least-once': 'holds',
    'groups.billing.maxLag': { atLeast: 400 },
    'groups.billing.lag': 0,
    'groups.billing.distinct': 2000,
    'run.converged': true,
  },
});
