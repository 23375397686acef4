import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'oversize-batch-is-split-and-sent-again',
  claim: 'P6',
  story:
    'Each record is small enough for the topic, their batch is not. The producer splits ' +
    'the batch and sends the pieces; the application hears nothing of it.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2', 'max.message.bytes': '50000' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 200,
      valueBytes: 5000,
      config: { 'batch.size': '200000', 'linger.ms': '200' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  runFor: '5s',
  expect: {
    'events.produce.refused[error=MESSAGE_TOO_LARGE].count': { atLeast: 5 },
    'clients.p1.failed': 0,
    'counts.reordered': 0,
    'counts.duplicated': 0,
    'producer-order': 'holds',
    'no-dup': 'holds',
    'acked-durable': 'holds',
  },
});
