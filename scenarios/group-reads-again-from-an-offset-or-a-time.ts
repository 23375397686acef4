import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'group-reads-again-from-an-offset-or-a-time',
  claim: 'G8',
  story:
    'A group goes back: first to offset 0, later to what is two seconds older than the ' +
    'newest record. It is given those records once more, in order.',
  cluster: {
    brokers: 3,
    config: { 'offsets.topic.num.partitions': '1' },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, count: 400 },
    {
      ...{ consumer: 'c1', group: 'billing', topics: ['orders'] },
      seeks: [
        { at: '6s', to: 0 },
        { at: '12s', back: '2s' },
      ],
      config: { 'auto.offset.reset': 'earliest' },
    },
  ],
  runFor: '16s',
  expect: {
    'groups.billing.distinct': 400,
    'groups.billing.again': { atLeast: 150 },
    'events.consumer.position[node=c1,how=seek].count': 2,
    'read-stable': 'holds',
    'offset-mono': 'holds',
    'commit-latest': 'holds',
  },
});
