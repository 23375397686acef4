import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'by-count-distance-alone-empties-the-isr',
  claim: 'Z32',
  story:
    'The followers are far away, and keep up with every burst in less than a second. But at ' +
    'any moment of a burst they are more than 4000 records behind: counted in records they ' +
    'lag, and leave the ISR.',
  cluster: {
    brokers: 3,
    variants: { 'isr-lag': 'by-count' },
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
      producer: 'p0',
      topic: 'orders',
      recordsPerSecond: 20,
      stopAt: '1s',
      config: { acks: 'all' },
    },
    {
      producer: 'p1',
      topic: 'orders',
      inFlight: 10000,
      count: 200000,
      startAt: '2s',
      config: { acks: 'all', 'batch.size': '1000000' },
    },
    {
      producer: 'p2',
      topic: 'orders',
      inFlight: 10000,
      count: 200000,
      startAt: '2.4s',
      config: { acks: 'all', 'batch.size': '1000000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '1s', delay: ['leader:orders-0', 'followers:orders-0'], by: '400ms', name: 'far' },
  ],
  runFor: '60s',
  expect: {
    'isr-stable': 'violated',
  },
});
