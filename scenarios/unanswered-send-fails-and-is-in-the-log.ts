import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'unanswered-send-fails-and-is-in-the-log',
  claim: 'P5',
  story:
    'Answers are lost for longer than delivery.timeout.ms. The application is told that ' +
    'its sends failed, but they are in the log: a failed send is one whose outcome nobody ' +
    'knows.',
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
      recordsPerSecond: 50,
      stopAt: '7s',
      config: { 'request.timeout.ms': '1000', 'delivery.timeout.ms': '3000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '5s', cut: ['leader:orders-0', 'client:p1'], oneWay: true, for: '10s' }],
  runFor: '30s',
  expect: {
    'clients.p1.unanswered': 0,
    'clients.p1.unknown': { atLeast: 1, atMost: 5 },
    'clients.p1.failed': { atLeast: 90 },
    'clients.p1.acknowledged': 250,
    'clients.c1.consumed': { atLeast: 251, atMost: 255 },
    'no-dup': 'holds',
    'acked-durable': 'holds',
  },
});
