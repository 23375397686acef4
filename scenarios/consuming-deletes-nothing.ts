import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'consuming-deletes-nothing',
  claim: 'G7',
  story:
    'A group has read everything and committed it. The records are still there: another ' +
    'group, an hour or a day later, reads them all from the beginning. Only retention ' +
    'deletes, and only whole segments.',
  cluster: {
    brokers: 3,
    config: { 'offsets.topic.num.partitions': '1' },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, count: 250 },
    {
      ...{ consumer: 'c1', group: 'billing', topics: ['orders'], commit: 'after', stopAt: '9s' },
      config: { 'auto.offset.reset': 'earliest' },
    },
    {
      ...{ consumer: 'c2', group: 'audit', topics: ['orders'], startAt: '10s' },
      config: { 'auto.offset.reset': 'earliest' },
    },
  ],
  runFor: '18s',
  expect: {
    'groups.billing.distinct': 250,
    'groups.audit.distinct': 250,
    'events.log.started[partition=orders-0].count': 0,
    'commit-durable': 'holds',
  },
});
