import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'shrink-alone-releases-what-waits',
  claim: 'Z33',
  story:
    'One single record is written while a follower cannot reach the leader. Nothing else ' +
    'happens on the partition: the answer has to come when the ISR shrinks, by that alone.',
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
      inFlight: 1,
      count: 1,
      startAt: '5s',
      config: { acks: 'all', 'request.timeout.ms': '60000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '3s', cut: ['leader:orders-0', 'follower:orders-0'], name: 'cut-off' }],
  runFor: '60s',
  expect: {
    'clients.p1.acknowledged': 1,
    'clients.p1.latencyMs.max': { atLeast: 24000, atMost: 46000 },
    'events.client.retried.count': 0,
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'counts.reordered': 0,
    'acked-durable': 'holds',
    'no-dup': 'holds',
    'read-stable': 'holds',
    'log-match': 'holds',
    'leader-complete': 'holds',
    'candidate-complete': 'holds',
    'unclean-excluded': 'holds',
    'isr-live': 'holds',
    'leader-live': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
    'consume-progress': 'holds',
    'metadata-progress': 'holds',
  },
});
