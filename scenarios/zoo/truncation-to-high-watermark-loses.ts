import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'truncation-to-high-watermark-loses',
  claim: 'Z09',
  story:
    'When the leader dies, a follower cuts its log to its own high watermark, which is one ' +
    'fetch behind what was confirmed. Before it has fetched that record again the new ' +
    'leader dies, too, and the short log leads.',
  cluster: {
    brokers: 3,
    variants: { truncation: 'to-high-watermark' },
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '10s', kill: 'leader:orders-0', restartAfter: '45s', name: 'first' },
    {
      when: { event: 'leader.started', partition: 'orders-0' },
      cut: ['leader:orders-0', 'followers:orders-0'],
      name: 'apart',
    },
    {
      when: { event: 'leader.started', partition: 'orders-0' },
      after: '200ms',
      kill: 'leader:orders-0',
      restartAfter: '30s',
      name: 'second',
    },
    { at: '35s', heal: 'all' },
  ],
  runFor: '80s',
  expect: {
    'acked-durable': 'violated',
    'leader-complete': 'violated',
    'read-stable': 'violated',
    'offset-unique': 'violated',
    'hw-mono': 'violated',
    'candidate-complete': 'violated',
  },
});
