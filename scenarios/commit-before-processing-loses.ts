import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'commit-before-processing-loses',
  claim: 'G3',
  story:
    'The application commits what it was given, and then processes it. It dies in ' +
    'between: whoever takes over begins behind records that nobody has processed. ' +
    '(at-least-once, allowed: the application commits too early.)',
  cluster: {
    brokers: 3,
    config: { 'offsets.topic.num.partitions': '1' },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, count: 500 },
    {
      consumer: 'c1',
      group: 'billing',
      topics: ['orders'],
      commit: 'before',
      process: '10ms',
      pollEvery: '500ms',
      config: {
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': '6000',
        'heartbeat.interval.ms': '2000',
      },
    },
  ],
  faults: [
    {
      ...{ when: { event: 'commit.answered', node: 'c1', error: 'NONE', count: 6 }, after: '50ms' },
      ...{ kill: 'client:c1', restartAfter: '1s' },
    },
  ],
  runFor: '22s',
  expect: {
    'single-owner': 'holds',
    'commit-durable': 'holds',
    'commit-latest': 'holds',
    'at-least-once': 'allowed',
    'groups.billing.missed': { atLeast: 1 },
    'groups.billing.again': 0,
  },
});
