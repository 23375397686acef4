import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'groups-each-see-everything',
  claim: 'G2',
  story:
    'Two groups read one topic. Neither takes anything from the other: each processes ' +
    'every record, as if it were alone.',
  cluster: {
    brokers: 3,
    config: { 'offsets.topic.num.partitions': '1' },
    topics: [{ name: 'orders', partitions: 2, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, count: 400 },
    {
      consumer: 'c1',
      group: 'billing',
      topics: ['orders'],
      config: { 'auto.offset.reset': 'earliest' },
    },
    {
      consumer: 'c2',
      group: 'shipping',
      topics: ['orders'],
      config: { 'auto.offset.reset': 'earliest' },
    },
  ],
  runFor: '12s',
  expect: {
    'single-owner': 'holds',
    'commit-durable': 'holds',
    'commit-latest': 'holds',
    'groups.billing.distinct': 400,
    'groups.billing.again': 0,
    'groups.shipping.distinct': 400,
    'groups.shipping.again': 0,
  },
});
