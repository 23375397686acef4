import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'lost-ack-idempotent-does-not-duplicate',
  claim: 'O3',
  story:
    'The same lost confirmations. The idempotent producer sends the same sequence numbers again, ' +
    'and the broker knows the batches and answers with their old offsets.',
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
      recordsPerSecond: 200,
      config: { acks: 'all', 'enable.idempotence': 'true' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'client:p1'], oneWay: true, name: 'answers-lost' },
    { at: '3s', reset: ['leader:orders-0', 'client:p1'] },
    { at: '3s', heal: 'all' },
  ],
  runFor: '8s',
  expect: {
    'events.produce.duplicate.count': { atLeast: 1 },
    'counts.duplicated': 0,
    'counts.reordered': 0,
    'counts.acknowledgedLost': 0,
    'no-dup': 'holds',
    'producer-order': 'holds',
    'acked-durable': 'holds',
    'clients.p1.failed': 0,
  },
});
