import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'written-decisions-of-a-deposed-controller-count',
  claim: 'Z65',
  story:
    'A controller is cut off from the other voters and goes on deciding. Brokers do what it has ' +
    'written, which the quorum never commits; another controller is elected and decides ' +
    'otherwise. What was done is not taken back.',
  cluster: {
    brokers: 3,
    controllers: 3,
    variants: { 'metadata-publication': 'written' },
    topics: [
      {
        name: 'orders',
        partitions: 3,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 60,
      partition: 'round-robin',
      config: { acks: 'all' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', cut: ['controller:leader', 'all:controllers'], for: '20s', name: 'apart' },
    { at: '5.2s', stop: 'leader:orders-0', restartAfter: '12s' },
  ],
  runFor: '60s',
  convergeWithin: '30s',
  expect: {
    'metadata-match': 'violated',
    'candidate-complete': 'violated',
    'quorum-superset': 'violated',
    'follower-progress': 'violated',
    'metadata-progress': 'violated',
  },
});
