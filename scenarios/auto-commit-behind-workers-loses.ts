import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'auto-commit-behind-workers-loses',
  claim: 'G3',
  story:
    'The application hands what it is given to a worker and polls on, and auto commit takes ' +
    'what earlier polls gave for done. It dies with work in hand: whoever takes over begins ' +
    'behind it. (at-least-once, allowed: it commits what workers still have.)',
  cluster: {
    brokers: 3,
    config: { 'offsets.topic.num.partitions': '1' },
    topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, count: 300 },
    {
      consumer: 'c1',
      group: 'billing',
      topics: ['orders'],
      commit: 'auto',
      handOver: true,
      process: '25ms',
      config: {
        'auto.offset.reset': 'earliest',
        'auto.commit.interval.ms': '1000',
        'session.timeout.ms': '6000',
        'heartbeat.interval.ms': '2000',
      },
    },
  ],
  faults: [{ at: '8s', kill: 'client:c1', restartAfter: '1s' }],
  runFor: '25s',
  expect: {
    'single-owner': 'holds',
    'commit-durable': 'holds',
    'commit-latest': 'holds',
    'at-least-once': 'allowed',
    'groups.billing.missed': { atLeast: 1 },
  },
});
