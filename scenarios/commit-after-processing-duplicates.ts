import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'commit-after-processing-duplicates',
  claim: 'G3',
  story:
    'The application processes what it was given, and then commits. It dies in between: ' +
    'whoever takes over processes some records once more. Nothing is lost, and an ' +
    'application that knows what it has done already is right in the end: as many ' +
    'different records as were written.',
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
      commit: 'after',
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
      when: { event: 'app.processed', node: 'c1', count: 60 },
      ...{ kill: 'client:c1', restartAfter: '1s' },
    },
  ],
  runFor: '22s',
  expect: {
    'single-owner': 'holds',
    'commit-durable': 'holds',
    'commit-latest': 'holds',
    'at-least-once': 'holds',
    'groups.billing.missed': 0,
    'groups.billing.again': { atLeast: 1 },
    'groups.billing.distinct': 500,
  },
});
