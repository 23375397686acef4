import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'acknowledged-write-is-visible-in-the-end',
  claim: 'C4',
  story:
    'The leader dies right after confirming. The new leader may not know yet that the newest ' +
    'records are committed and give nothing for a while, but in the end every confirmed ' +
    'record is read at the offset that was told.',
  cluster: {
    brokers: 3,
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
    {
      consumer: 'c2',
      topic: 'orders',
      pollEvery: '200ms',
      config: { 'auto.offset.reset': 'earliest' },
    },
    { consumer: 'c3', topic: 'orders', startAt: '20s', config: { 'auto.offset.reset': 'latest' } },
  ],
  faults: [
    { at: '10s', kill: 'leader:orders-0', restartAfter: '20s' },
    { at: '60s', stop: 'leader:orders-0', restartAfter: '10s' },
  ],
  runFor: '90s',
  expect: {
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'counts.reordered': 0,
    'acked-durable': 'holds',
    'no-dup': 'holds',
    'read-stable': 'holds',
    'log-match': 'holds',
    'leader-complete': 'holds',
    'candidate-complete': 'holds',
    'unclean-excluded': 'holds',
    'isr-live': 'holds',
    'leader-live': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
    'consume-progress': 'holds',
    'metadata-progress': 'holds',
    'offset-unique': 'holds',
    'offset-bounds': 'holds',
  },
});
