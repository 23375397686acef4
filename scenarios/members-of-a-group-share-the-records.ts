import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'members-of-a-group-share-the-records',
  claim: 'G2',
  story:
    'Two members of one group read one topic. What one of them is given the other is not: ' +
    'together they process every record once.',
  cluster: {
    brokers: 3,
    config: { 'offsets.topic.num.partitions': '1' },
    topics: [{ name: 'orders', partitions: 2, replicationFactor: 3 }],
  },
  workload: [
    {
      ...{ producer: 'p1', topic: 'orders', recordsPerSecond: 50, count: 400 },
      partition: 'round-robin',
      startAt: '8s',
    },
    {
      consumer: 'c1',
      group: 'billing',
      topics: ['orders'],
      config: { 'auto.offset.reset': 'earliest' },
    },
    {
      consumer: 'c2',
      group: 'billing',
      topics: ['orders'],
      config: { 'auto.offset.reset': 'earliest' },
    },
  ],
  runFor: '20s',
  expect: {
    'single-owner': 'holds',
    'commit-durable': 'holds',
    'commit-latest': 'holds',
    'groups.billing.distinct': 400,
    'groups.billing.again': 0,
    'clients.c1.consumed': 200,
    'clients.c2.consumed': 200,
  },
});
