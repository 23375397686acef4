import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'auto-commit-duplicates-after-a-crash',
  claim: 'G3',
  story:
    'enable.auto.commit commits every five seconds what earlier polls have given. The ' +
    'application dies shortly before: up to five seconds of records are processed once ' +
    'more, none is lost.',
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
      commit: 'auto',
      process: '0ms',
      pollEvery: '100ms',
      config: {
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': '6000',
        'heartbeat.interval.ms': '2000',
      },
    },
  ],
  faults: [{ at: '7500ms', kill: 'client:c1', restartAfter: '1s' }],
  runFor: '22s',
  expect: {
    'single-owner': 'holds',
    'commit-durable': 'holds',
    'commit-latest': 'holds',
    'at-least-once': 'holds',
    'groups.billing.missed': 0,
    'groups.billing.again': { atLeast: 100 },
    'groups.billing.distinct': 500,
  },
});
