import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'by-commit-a-group-in-use-loses-its-offsets',
  claim: 'Z60',
  story:
    'A consumer has read all there is and waits. A minute after its last commit what it ' +
    'committed expires, although it is there. It crashes, records come, it is back: nobody ' +
    'knows where it stood, and it begins behind them.',
  cluster: {
    brokers: 3,
    variants: { 'offset-expiry': 'by-commit' },
    config: {
      'offsets.topic.num.partitions': '1',
      'offsets.retention.minutes': '1',
      'offsets.retention.check.interval.ms': '1000',
    },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 20, count: 200, config: { acks: 'all' } },
    {
      ...{ producer: 'p2', topic: 'orders', recordsPerSecond: 2, count: 40, startAt: '81s' },
      config: { acks: 'all' },
    },
    {
      consumer: 'c1',
      group: 'billing',
      topics: ['orders'],
      commit: 'after',
      config: {
        'auto.offset.reset': 'latest',
        'session.timeout.ms': '6000',
        'heartbeat.interval.ms': '2000',
      },
    },
  ],
  faults: [{ at: '80s', kill: 'client:c1', restartAfter: '5s' }],
  runFor: '110s',
  expect: {
    'commit-latest': 'violated',
    'at-least-once': 'allowed',
    'groups.billing.missed': { atLeast: 1 },
  },
});
