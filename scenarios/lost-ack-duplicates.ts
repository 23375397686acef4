import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'lost-ack-duplicates',
  claim: 'O3',
  story:
    'Records are written, but their confirmations are lost with the connection. The producer sends ' +
    'them again, and without idempotence the broker takes them for new ones.',
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
      config: { acks: 'all', 'enable.idempotence': 'false' },
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
    'counts.duplicated': { atLeast: 1 },
    'counts.acknowledgedLost': 0,
    'no-dup': 'allowed',
    'acked-durable': 'holds',
    'clients.p1.failed': 0,
  },
});
