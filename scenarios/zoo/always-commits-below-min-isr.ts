import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'always-commits-below-min-isr',
  claim: 'Z28',
  story:
    'Both followers are away. What the leader writes alone counts as committed and is read. ' +
    'It loses its power, and a replica that never had it is elected: what was read is no ' +
    'more.',
  cluster: {
    brokers: 3,
    variants: { 'commit-below-min-isr': 'always' },
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: '1' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', isolate: 'followers:orders-0', name: 'away' },
    {
      at: '30s',
      powerCut: 'leader:orders-0',
      style: 'drop-all',
      restartAfter: '5s',
      name: 'crash',
    },
    { at: '60s', heal: 'all' },
  ],
  runFor: '90s',
  expect: {
    'read-stable': 'violated',
    'candidate-complete': 'violated',
    'hw-mono': 'violated',
    'leader-complete': 'violated',
    'committed-somewhere': 'violated',
  },
});
