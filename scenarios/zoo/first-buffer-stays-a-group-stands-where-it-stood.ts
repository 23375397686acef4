import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'first-buffer-stays-a-group-stands-where-it-stood',
  claim: 'Z61',
  story:
    'A second consumer joins, and both go on committing. The broker that coordinates them ' +
    'dies. Whoever takes over reads their offsets a little at a time, and keeps the group ' +
    'as the first buffer had it: both are sent back to where it stood then.',
  cluster: {
    brokers: 3,
    variants: { 'group-load': 'first-buffer-stays' },
    config: {
      'offsets.topic.num.partitions': '1',
      'offsets.load.buffer.size': '2000',
      'min.insync.replicas': '2',
    },
    topics: [{ name: 'orders', partitions: 2, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, count: 700, config: { acks: 'all' } },
    ...['c1', 'c2'].map((consumer, i) => ({
      ...{ consumer, group: 'billing', topics: ['orders'], commit: 'after' as const },
      ...{ pollEvery: '200ms', startAt: `${i * 8}s` },
      config: {
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': '6000',
        'heartbeat.interval.ms': '2000',
      },
    })),
  ],
  faults: [{ at: '14s', kill: 'leader:__consumer_offsets-0', restartAfter: '25s' }],
  runFor: '50s',
  expect: {
    'commit-latest': 'violated',
    // The round that follows has the number of one that there was.
    'single-owner': ['holds', 'violated'],
    'groups.billing.again': { atLeast: 1 },
  },
});
