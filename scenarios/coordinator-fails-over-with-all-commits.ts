import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'coordinator-fails-over-with-all-commits',
  claim: 'G4',
  story:
    'The broker that coordinates the group dies. Offsets are records of a replicated ' +
    'topic: another broker leads its partition, reads it, and tells every member the ' +
    'offset that was committed last.',
  cluster: {
    brokers: 3,
    config: { 'offsets.topic.num.partitions': '1', 'min.insync.replicas': '2' },
    topics: [{ name: 'orders', partitions: 2, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, count: 500 },
    {
      consumer: 'c1',
      group: 'billing',
      topics: ['orders'],
      commit: 'after',
      process: '2ms',
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
      process: '2ms',
      pollEvery: '200ms',
      config: {
        'auto.offset.reset': 'earliest',
        'session.timeout.ms': '6000',
        'heartbeat.interval.ms': '2000',
      },
    },
  ],
  faults: [{ at: '9s', kill: 'leader:__consumer_offsets-0', restartAfter: '25s' }],
  runFor: '40s',
  expect: {
    'single-owner': 'holds',
    'commit-durable': 'holds',
    'commit-latest': 'holds',
    'at-least-once': 'holds',
    'events.coordinator.changed[partition=__consumer_offsets-0,state=active].count': {
      atLeast: 1,
    },
    'groups.billing.distinct': 500,
  },
});
