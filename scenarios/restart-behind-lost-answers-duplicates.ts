import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'restart-behind-lost-answers-duplicates',
  claim: 'O3',
  story:
    'The hole that is left in idempotence. Five batches are written and no answer arrives; then ' +
    'the broker starts again, in order. Its snapshot names only the last batch of a producer, so ' +
    'the first one that comes again is a gap to it, and all five are written twice.',
  cluster: { brokers: 1, topics: [{ name: 'orders', partitions: 1, replicationFactor: 1 }] },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 200,
      config: { acks: 'all', 'enable.idempotence': 'true' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'client:p1'], oneWay: true, name: 'answers-lost' },
    { at: '2400ms', reset: ['leader:orders-0', 'client:p1'] },
    { at: '2500ms', stop: 'broker-1', restartAfter: '1s' },
    { at: '3s', heal: 'all' },
  ],
  runFor: '8s',
  expect: {
    'counts.duplicated': { atLeast: 5 },
    'counts.acknowledgedLost': 0,
    'no-dup': 'allowed',
    'producer-order': 'holds',
    'acked-durable': 'holds',
    'clients.p1.failed': 0,
  },
});
