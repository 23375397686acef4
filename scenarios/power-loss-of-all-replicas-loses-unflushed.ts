import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'power-loss-of-all-replicas-loses-unflushed',
  claim: 'D5, Z04',
  story:
    'acks=all promises copies in memory, not on disk. All machines lose power at once, and with ' +
    'them what no page cache had written back.',
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 200, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '10s', powerCut: 'all:brokers', restartAfter: '15s' }],
  runFor: '50s',
  expect: {
    'counts.acknowledgedLost': { atLeast: 1 },
    'acked-durable': 'allowed',
  },
});
