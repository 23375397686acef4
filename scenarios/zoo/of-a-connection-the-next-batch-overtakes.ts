import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'of-a-connection-the-next-batch-overtakes',
  claim: 'Z07',
  story:
    'A producer allows one request in flight, and one is lost on its way to the leader. ' +
    'Another leader is elected, and has a connection of its own: the next batches go there. ' +
    'When the first one is given up and sent again it comes behind them.',
  cluster: {
    brokers: 3,
    variants: { 'one-in-flight': 'of-a-connection' },
    topics: [
      {
        name: 'orders',
        partitions: 2,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 20,
      partition: 'round-robin',
      config: {
        acks: 'all',
        'enable.idempotence': 'false',
        'max.in.flight.requests.per.connection': '1',
        'metadata.max.age.ms': '1000',
        'request.timeout.ms': '20000',
      },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '5s', cut: ['broker-1', 'client:p1'], for: '30s', name: 'lost' }],
  operations: [
    { at: '1s', reassign: 'orders-0', replicas: [1, 2, 3], name: 'place' },
    { at: '1s', reassign: 'orders-1', replicas: [3, 1, 2], name: 'place-the-other' },
    { at: '2s', electLeaders: 'preferred' },
    { at: '7s', reassign: 'orders-0', replicas: [2, 1, 3], name: 'prefer' },
    { at: '8s', electLeaders: 'preferred', name: 'elect' },
  ],
  runFor: '45s',
  expect: {
    'producer-order': 'violated',
    'acked-durable': 'holds',
    'counts.acknowledgedLost': 0,
  },
});
