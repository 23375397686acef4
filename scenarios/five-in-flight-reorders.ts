import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'five-in-flight-reorders',
  claim: 'O2',
  story:
    'Five requests are under way when the connection breaks. Each goes back to the front of the ' +
    'queue, the last one foremost, and without idempotence nobody restores their order.',
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
      config: {
        acks: 'all',
        'enable.idempotence': 'false',
        'max.in.flight.requests.per.connection': '5',
      },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['client:p1', 'leader:orders-0'], oneWay: true, name: 'requests-lost' },
    { at: '3s', reset: ['client:p1', 'leader:orders-0'] },
    { at: '3s', heal: 'all' },
  ],
  runFor: '8s',
  expect: {
    'counts.reordered': { atLeast: 1 },
    'counts.acknowledgedLost': 0,
    'producer-order': 'allowed',
    'acked-durable': 'holds',
    'clients.p1.failed': 0,
  },
});
