import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'leadership-returns-to-the-preferred-replica',
  claim: 'R7',
  story:
    'The preferred leader dies and comes back. It follows at first; only the next pass over ' +
    'unbalanced leaders gives leadership back to it.',
  cluster: {
    brokers: 3,
    config: { 'leader.imbalance.check.interval.seconds': '60' },
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
  faults: [{ at: '10s', kill: 'leader:orders-0', restartAfter: '20s', name: 'death' }],
  runFor: '150s',
  expect: {
    'events.leader.elected[how=elected].count': 1,
    'events.leader.elected[how=preferred].afterFault.death': { atLeast: 20000, atMost: 110000 },
    'events.leader.elected[how=preferred].count': 1,
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
