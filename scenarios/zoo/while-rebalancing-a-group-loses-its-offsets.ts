import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'while-rebalancing-a-group-loses-its-offsets',
  claim: 'Z60',
  story:
    'The only consumer of a group leaves, another one comes at once. Its round has only ' +
    'begun when old offsets are looked for: in the round before nobody had subscribed to ' +
    'anything, so that nobody seems to need them.',
  cluster: {
    brokers: 3,
    variants: { 'offset-expiry': 'while-rebalancing' },
    config: {
      'offsets.topic.num.partitions': '1',
      'offsets.retention.minutes': '1',
      'offsets.retention.check.interval.ms': '1000',
    },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, count: 100, config: { acks: 'all' } },
    ...['c1', 'c2'].map((consumer) => ({
      ...{ consumer, group: 'billing', topics: ['orders'], commit: 'after' as const },
      ...(consumer === 'c1' ? { stopAt: '80s' } : { startAt: '81s' }),
      config: { 'auto.offset.reset': 'earliest' },
    })),
  ],
  runFor: '100s',
  expect: {
    'commit-latest': 'violated',
    'groups.billing.again': 100,
  },
});
