import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'full-buffer-blocks-then-refuses',
  claim: 'P4',
  story:
    'Nobody answers the producer and its buffer fills. Each further send waits for ' +
    'max.block.ms and fails; what was in the buffer fails after delivery.timeout.ms. ' +
    'Nothing is dropped in silence.',
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
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 100,
      valueBytes: 1000,
      config: {
        'buffer.memory': '65536',
        'max.block.ms': '1000',
        'request.timeout.ms': '2000',
        'delivery.timeout.ms': '5000',
      },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '2s', cut: ['client:p1', 'all:brokers'], for: '15s' }],
  runFor: '30s',
  expect: {
    'clients.p1.unanswered': 0,
    'clients.p1.failed': { atLeast: 1 },
    'acked-durable': 'holds',
  },
});
