import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'by-time-alone-an-idle-follower-leaves',
  claim: 'Z32',
  story:
    'Nothing is written to the partition, and a follower that has all of it cannot reach ' +
    'its leader for a while. It lacks nothing and yet leaves the ISR.',
  cluster: {
    brokers: 3,
    variants: { 'isr-lag': 'by-time-alone' },
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
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 100,
      stopAt: '3s',
      config: { acks: 'all' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '8s', cut: ['leader:orders-0', 'follower:orders-0'], for: '50s', name: 'apart' }],
  runFor: '70s',
  expect: {
    'isr-stable': 'violated',
  },
});
