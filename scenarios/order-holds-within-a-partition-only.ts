import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'order-holds-within-a-partition-only',
  claim: 'O1',
  story:
    'One producer deals its records to four partitions in turn. A consumer gets each partition in ' +
    'order, but the partitions interleave as they come.',
  cluster: {
    brokers: 3,
    topics: [{ name: 'orders', partitions: 4, replicationFactor: 3 }],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 400, partition: 'round-robin' },
    {
      consumer: 'c1',
      topic: 'orders',
      startAt: '3s',
      config: { 'auto.offset.reset': 'earliest' },
    },
  ],
  runFor: '6s',
  expect: {
    'counts.reordered': 0,
    'counts.duplicated': 0,
    'counts.acknowledgedLost': 0,
    'producer-order': 'holds',
    'read-stable': 'holds',
    'clients.c1.reorderedAcrossPartitions': { atLeast: 1 },
  },
});
