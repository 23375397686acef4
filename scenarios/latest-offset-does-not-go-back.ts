import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'latest-offset-does-not-go-back',
  claim: 'Z34',
  story:
    'Consumers that begin at the end of the log start right after a new leader has taken ' +
    'over. It does not tell its own high watermark for the end while that may lag, so they ' +
    'begin no earlier than what was committed.',
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
      consumer: 'late0',
      topic: 'orders',
      startAt: '18000ms',
      config: { 'auto.offset.reset': 'latest' },
    },
    {
      consumer: 'late1',
      topic: 'orders',
      startAt: '18400ms',
      config: { 'auto.offset.reset': 'latest' },
    },
    {
      consumer: 'late2',
      topic: 'orders',
      startAt: '18800ms',
      config: { 'auto.offset.reset': 'latest' },
    },
    {
      consumer: 'late3',
      topic: 'orders',
      startAt: '19200ms',
      config: { 'auto.offset.reset': 'latest' },
    },
    {
      consumer: 'late4',
      topic: 'orders',
      startAt: '19600ms',
      config: { 'auto.offset.reset': 'latest' },
    },
  ],
  faults: [{ at: '10s', kill: 'leader:orders-0', restartAfter: '20s' }],
  runFor: '45s',
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
    'offset-bounds': 'holds',
    'offset-unique': 'holds',
  },
});
