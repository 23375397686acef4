import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'two-applications-with-one-group-id-miss-data',
  claim: 'G10',
  story:
    'Two different applications were given the same group.id by mistake. Kafka takes them ' +
    'for members of one group: each is given some partitions only, and never hears of the ' +
    'records of the others.',
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
      ...{ consumer: 'invoices', group: 'app', topics: ['orders'] },
      config: { 'auto.offset.reset': 'earliest' },
    },
    {
      ...{ consumer: 'statistics', group: 'app', topics: ['orders'] },
      config: { 'auto.offset.reset': 'earliest' },
    },
  ],
  runFor: '20s',
  expect: {
    'clients.invoices.consumed': 200,
    'clients.statistics.consumed': 200,
    'groups.app.distinct': 400,
    'single-owner': 'holds',
  },
});
