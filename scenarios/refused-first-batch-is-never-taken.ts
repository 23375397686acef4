import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'refused-first-batch-is-never-taken',
  claim: 'Z50',
  story:
    'A new producer. Its first batch comes while too few replicas are in sync and is refused, ' +
    'which it does not hear yet; its second comes when they are back. The leader knows nothing ' +
    'of the producer and takes any first sequence (KAFKA-14359), so the first batch, sent again, ' +
    'is out of order from then on, until its time is up. What comes behind it is written.',
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
      sends: [
        { at: '2s', partition: 0, key: 'order-1', value: 'placed' },
        { at: '10s', partition: 0, key: 'order-1', value: 'paid' },
        { at: '50s', partition: 0, key: 'order-2', value: 'placed' },
      ],
      config: {
        acks: 'all',
        'enable.idempotence': 'true',
        'request.timeout.ms': '20000',
        'delivery.timeout.ms': '40000',
      },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: 0, stop: 'followers:orders-0', restartAfter: '4s', name: 'away' },
    {
      at: '1500ms',
      hold: ['leader:orders-0', 'client:p1'],
      api: 'Produce',
      direction: 'response',
      for: '10s',
      name: 'unheard',
    },
  ],
  runFor: '60s',
  expect: {
    'events.produce.refused[partition=orders-0,error=NOT_ENOUGH_REPLICAS].count': 1,
    'events.produce.refused[partition=orders-0,error=OUT_OF_ORDER_SEQUENCE_NUMBER].count': {
      atLeast: 10,
    },
    'clients.p1.acknowledged': 2,
    'clients.p1.errors.TimeoutException': 1,
    'clients.c1.consumed': 2,
    'acked-durable': 'holds',
    'no-dup': 'holds',
    'producer-order': 'holds',
    'produce-progress': 'holds',
  },
});
