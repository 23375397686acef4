import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'without-a-commit-the-reset-policy-decides',
  claim: 'G5',
  story:
    'Three groups begin to read when a topic has records already, and none has committed ' +
    'anything. auto.offset.reset says where they begin: at the earliest record, behind ' +
    'the latest, or, with none, nowhere: their polls raise an exception.',
  cluster: {
    brokers: 3,
    config: { 'offsets.topic.num.partitions': '1' },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, count: 400 },
    ...['earliest', 'latest', 'none'].map((reset, i) => ({
      consumer: `c${i + 1}`,
      group: reset,
      topics: ['orders'],
      startAt: '4s',
      config: { 'auto.offset.reset': reset },
    })),
  ],
  runFor: '16s',
  expect: {
    'groups.earliest.distinct': 400,
    'groups.latest.distinct': { atLeast: 1, atMost: 250 },
    'groups.none.distinct': 0,
    'clients.c3.errors.NoOffsetForPartitionException': { atLeast: 1 },
    'commit-latest': 'holds',
  },
});
