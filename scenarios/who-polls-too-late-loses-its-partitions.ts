import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'who-polls-too-late-loses-its-partitions',
  claim: 'G6',
  story:
    'Processing takes longer than max.poll.interval.ms. The client leaves the group by ' +
    'itself, another member is given the partition and processes the same records, and ' +
    'the late commit is refused: CommitFailedException.',
  cluster: {
    brokers: 3,
    config: { 'offsets.topic.num.partitions': '1' },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, count: 400 },
    {
      ...{ consumer: 'c1', group: 'billing', topics: ['orders'], commit: 'after', process: '50ms' },
      config: {
        'auto.offset.reset': 'earliest',
        'max.poll.interval.ms': '4000',
        'max.poll.records': '150',
      },
      startAt: '4s',
      stopAt: '25s',
    },
    {
      ...{ consumer: 'c2', group: 'billing', topics: ['orders'], commit: 'after', startAt: '6s' },
      config: { 'auto.offset.reset': 'earliest', 'max.poll.interval.ms': '4000' },
    },
  ],
  runFor: '30s',
  expect: {
    'single-owner': 'holds',
    'commit-latest': 'holds',
    'at-least-once': 'holds',
    'events.group.left[client=c1,why=consumer poll timeout has expired.].count': { atLeast: 1 },
    'clients.c1.errors.CommitFailedException': { atLeast: 1 },
    'groups.billing.again': { atLeast: 1 },
    'groups.billing.distinct': 400,
  },
});
