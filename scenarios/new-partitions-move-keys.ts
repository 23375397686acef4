import { scenario } from '../sim/scenario/builder.ts';

/** By its hash `alice` belongs to partition 1 of four, and to partition 5 of eight. */
const PAYMENTS = Array.from({ length: 160 }, (_, i) => ({
  at: i * 50,
  key: 'alice',
  value: `payment ${i}`,
}));

export default scenario({
  name: 'new-partitions-move-keys',
  claim: 'O9',
  story:
    'A topic grows from four partitions to eight. A key that went to one partition goes ' +
    'to another from then on, and whoever reads both gets its records out of order.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'orders',
        partitions: 4,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      sends: PAYMENTS,
      config: { 'linger.ms': '0', 'metadata.max.age.ms': '1000' },
    },
    {
      consumer: 'c1',
      topic: 'orders',
      startAt: '9s',
      config: {
        'auto.offset.reset': 'earliest',
        'max.partition.fetch.bytes': '2000',
        'metadata.max.age.ms': '1000',
      },
    },
  ],
  operations: [{ at: '4s', name: 'grow', createPartitions: 'orders', count: 8 }],
  runFor: '10s',
  expect: {
    'events.log.appended[role=leader,partition=orders-1].count': { atLeast: 70 },
    'events.log.appended[role=leader,partition=orders-5].count': { atLeast: 50 },
    'operations.grow.error': 'NONE',
    'clients.c1.reorderedAcrossPartitions': { atLeast: 1 },
    'counts.reordered': 0,
    'producer-order': 'holds',
    'acked-durable': 'holds',
  },
});
