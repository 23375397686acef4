import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'closed-later-two-batches-share-an-offset',
  claim: 'Z38',
  story:
    'A leader has written a batch when the entry of its index fails. The batch does not count, ' +
    'the directory is still open, and the next batch is written behind it with the same offset ' +
    'and confirmed. After a restart the leader keeps the one that nobody else has.',
  cluster: {
    brokers: 3,
    variants: { 'failed-append': 'closed-later' },
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
    { producer: 'p2', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    {
      at: '5s',
      failDisk: 'leader:orders-0',
      operation: 'write',
      path: '/data/orders-0/00000000000000000000.index',
      times: 1,
      name: 'index-fails',
    },
    { when: { event: 'log.dir.failed' }, after: '20s', start: 'struck:index-fails' },
  ],
  runFor: '60s',
  expect: {
    'log-match': 'violated',
    'hw-mono': 'violated',
    'leader-complete': 'violated',
    'strong-isr': 'violated',
  },
});
