import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'bursts-leave-the-isr-alone',
  claim: 'Z32',
  story:
    'Bursts of thousands of records at once, and partitions where nothing happens at all for ' +
    'minutes: lag is measured in time, so no follower is thrown out for either.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
      {
        name: 'idle',
        partitions: 20,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      inFlight: 10000,
      count: 20000,
      startAt: '10s',
      config: { acks: 'all' },
    },
    {
      producer: 'p2',
      topic: 'orders',
      inFlight: 10000,
      count: 20000,
      startAt: '30s',
      config: { acks: 'all' },
    },
    { producer: 'p3', topic: 'orders', recordsPerSecond: 5, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [],
  runFor: '120s',
  expect: {
    'events.isr.proposed.count': 0,
    'isr-stable': 'holds',
    'acked-durable': 'holds',
    'produce-progress': 'holds',
  },
});
