import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'who-is-not-heard-from-loses-its-partitions',
  claim: 'G6',
  story:
    'A member is paused for longer than session.timeout.ms. No heartbeat comes, the ' +
    'coordinator removes it and gives its partitions to the other one. When it wakes it ' +
    'goes on with what it had, and its commit is refused.',
  cluster: {
    brokers: 3,
    config: { 'offsets.topic.num.partitions': '1' },
    topics: [{ name: 'orders', partitions: 2, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, partition: 'round-robin', count: 900 },
    {
      consumer: 'c1',
      group: 'billing',
      topics: ['orders'],
      commit: 'after',
      process: '5ms',
      pollEvery: '200ms',
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
      commit: 'after',
      process: '5ms',
      pollEvery: '200ms',
      config: {
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': '6000',
        'heartbeat.interval.ms': '2000',
      },
    },
  ],
  faults: [
    {
      when: { event: 'app.processed', node: 'c1', count: 200 },
      ...{ pause: 'client:c1', for: '12s' },
    },
  ],
  runFor: '35s',
  expect: {
    'single-owner': 'holds',
    'commit-durable': 'holds',
    'commit-latest': 'holds',
    'at-least-once': 'holds',
    'events.group.left[client=c1,why=session timed out].count': 1,
    'clients.c1.errors.CommitFailedException': { atLeast: 1 },
    'groups.billing.missed': 0,
    'groups.billing.distinct': 900,
  },
});
