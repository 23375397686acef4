import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'dead-replica-is-not-created-elsewhere',
  claim: 'D8',
  story:
    'A replica dies for good. There is a fourth broker without work, and nobody gives it any: ' +
    'the partition stays under-replicated until an operator moves it.',
  cluster: {
    brokers: 4,
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '5s', kill: 'follower:orders-0', name: 'death' }],
  heal: false,
  runFor: '120s',
  expect: {
    'events.isr.changed[partition=orders-0].count': 1,
    'events.isr.changed[partition=orders-0].afterFault.death': { atMost: 12000 },
    'events.follower.started.count': 0,
    'events.isr.proposed[why=expand].count': 0,
    'counts.acknowledgedLost': 0,
    'acked-durable': 'holds',
    'leader-complete': 'holds',
    'clients.p1.acknowledged': { atLeast: 5000 },
  },
});
