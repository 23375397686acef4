import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'offsets-kept-outside-are-processed-once',
  claim: 'G4',
  story:
    'The application keeps its offsets where its results are, and writes both at once. ' +
    'After each assignment it seeks to what it finds there. It dies in the middle of its ' +
    'work, another member takes over, and every record is processed exactly once.',
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
      commit: 'outside',
      process: '10ms',
      pollEvery: '500ms',
      config: {
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': '6000',
        'heartbeat.interval.ms': '2000',
      },
    },
    {
      consumer: 'c2',
      group: 'billing',
      topics: ['orders'],
      commit: 'outside',
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
      when: { event: 'app.processed', count: 60 },
      ...{ kill: 'all:clients', mayMiss: true, restartAfter: '1s' },
    },
  ],
  runFor: '30s',
  expect: {
    'single-owner': 'holds',
    'at-least-once': 'holds',
    'groups.billing.missed': 0,
    'groups.billing.again': 0,
    'groups.billing.commits': 0,
  },
});
