import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'power-loss-of-all-replicas-with-flush-loses-nothing',
  claim: 'D5, Z04',
  story:
    'The same power loss of all machines, but with flush.messages=1 every replica has a record on ' +
    'its disk before it counts.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2', 'flush.messages': '1' },
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
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'acked-durable': 'holds',
    'log-match': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
  },
});
