import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'quorum-majority-lost-and-back',
  claim: 'Z66',
  story:
    'Two of three controllers are gone for a while: no broker is fenced, no leader elected, ' +
    'no ISR changed. When one returns, all that waited happens.',
  cluster: {
    brokers: 3,
    controllers: 3,
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '10s', powerCut: ['controller-101', 'controller-102'], name: 'dark' },
    { at: '15s', kill: 'leader:orders-0', restartAfter: '60s', name: 'crash' },
    { at: '45s', start: 'controller-101', name: 'back' },
  ],
  runFor: '100s',
  expect: {
    'one-leader-per-epoch': 'holds',
    'metadata-match': 'holds',
    'raft-leader-complete': 'holds',
    'raft-durable': 'holds',
    'events.leader.elected.afterFault.dark': { atLeast: 30000 },
    'events.leader.elected.afterFault.back': { atMost: 25000 },
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
