import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'five-in-flight-idempotent-keeps-order',
  claim: 'O2',
  story:
    'The same five requests under way and the same broken connection. The idempotent producer puts ' +
    'its batches back in the order of their sequence numbers.',
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
        'enable.idempotence': 'true',
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
    'events.client.retried.count': { atLeast: 2 },
    'counts.reordered': 0,
    'counts.duplicated': 0,
    'counts.acknowledgedLost': 0,
    'producer-order': 'holds',
    'no-dup': 'holds',
    'acked-durable': 'holds',
    'clients.p1.failed': 0,
  },
});
