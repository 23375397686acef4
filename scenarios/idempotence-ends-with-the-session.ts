import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'idempotence-ends-with-the-session',
  claim: 'O4',
  story:
    'A payment is appended, its answer is lost, and the application dies. It starts again ' +
    'and sends the payment again: a new session has a new producer id, and the broker ' +
    'cannot know it for the same. Sent to a second partition, it is another record ' +
    'anyway.',
  cluster: {
    brokers: 3,
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
      config: { 'enable.idempotence': 'true' },
      sends: [
        { at: '1s', partition: 0, key: 'order-6', value: 'pay 5' },
        { at: '2100ms', partition: 0, key: 'order-7', value: 'pay 10' },
        { at: '8s', partition: 0, key: 'order-7', value: 'pay 10' },
        { at: '9s', partition: 1, key: 'order-7', value: 'pay 10' },
      ],
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'client:p1'], oneWay: true, for: '3s' },
    { at: '4s', kill: 'client:p1', restartAfter: '2s' },
  ],
  runFor: '12s',
  expect: {
    'events.log.appended[role=leader,partition=orders-0].count': 3,
    'events.log.appended[role=leader,partition=orders-1].count': 1,
    'events.produce.duplicate.count': 0,
    'events.frame.sent[node=p1,role=request,api=22].count': { atLeast: 1 },
    'clients.p1.acknowledged': 3,
    'clients.p1.unanswered': 1,
    'clients.c1.consumed': 4,
    'acked-durable': 'holds',
  },
});
