import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'at-once-the-latest-offset-goes-back',
  claim: 'Z34',
  story:
    'Everything was written and confirmed long ago. A new leader tells its own high ' +
    'watermark for the end, which is one record behind, and a consumer that begins again at ' +
    'the end is given what it has read before.',
  cluster: {
    brokers: 3,
    variants: { 'latest-offset': 'at-once' },
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
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 100,
      stopAt: '10s',
      config: { acks: 'all' },
    },
    { consumer: 'late', topic: 'orders', config: { 'auto.offset.reset': 'latest' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '10s', kill: 'leader:orders-0', restartAfter: '40s', name: 'crash' },
    {
      when: { event: 'leader.started', partition: 'orders-0' },
      cut: ['leader:orders-0', 'followers:orders-0'],
      for: '5s',
      name: 'apart',
    },
    { at: '20s', kill: 'client:late', restartAfter: '1s', name: 'again' },
  ],
  runFor: '60s',
  expect: {
    'offset-mono': 'violated',
  },
});
