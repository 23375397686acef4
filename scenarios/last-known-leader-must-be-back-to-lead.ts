import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'last-known-leader-must-be-back-to-lead',
  claim: 'Z30',
  story:
    'All brokers crash, the leader last. None may be trusted to have everything, so the ' +
    'eligible replicas run out as the others return. Only the last known leader may be ' +
    'elected then, and not before it is back and alive.',
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
      recordsPerSecond: 100,
      config: { acks: 'all', 'delivery.timeout.ms': '180000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '8s', kill: 'followers:orders-0', name: 'others-die' },
    { at: '30s', kill: 'leader:orders-0', name: 'last-dies' },
    { at: '50s', start: 'struck:others-die', name: 'others-return' },
    { at: '80s', start: 'struck:last-dies', name: 'last-returns' },
  ],
  runFor: '110s',
  expect: {
    'events.leader.started.afterFault.others-return': { atLeast: 30000 },
    'events.leader.elected[how=last-known-leader].afterFault.last-returns': { atMost: 15000 },
    'clients.p1.failed': 0,
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
