import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'quorum-leaders-in-quick-turn',
  claim: 'Z66',
  story:
    'One controller after another wins the election and dies some milliseconds later, its ' +
    'first decisions written by some and not by all: entries of several epochs lie about. None ' +
    'that was committed is lost, and all controllers end with the same decisions.',
  cluster: {
    brokers: 3,
    controllers: 5,
    topics: [
      {
        name: 'orders',
        partitions: 5,
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
      partition: 'round-robin',
      config: { acks: 'all' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', kill: 'controller:leader', restartAfter: '4s', name: 'first' },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-101' },
      after: '1ms',
      kill: 'controller-101',
      restartAfter: '4s',
      mayMiss: true,
    },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-102' },
      after: '6ms',
      powerCut: 'controller-102',
      restartAfter: '4s',
      mayMiss: true,
    },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-103' },
      after: '12ms',
      kill: 'controller-103',
      restartAfter: '4s',
      mayMiss: true,
    },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-104' },
      after: '3ms',
      powerCut: 'controller-104',
      restartAfter: '4s',
      mayMiss: true,
    },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-105' },
      after: '8ms',
      kill: 'controller-105',
      restartAfter: '4s',
      mayMiss: true,
    },
    { at: '10s', kill: 'broker-1', restartAfter: '15s' },
  ],
  runFor: '90s',
  expect: {
    'one-leader-per-epoch': 'holds',
    'metadata-match': 'holds',
    'raft-leader-complete': 'holds',
    'raft-durable': 'holds',
    'events.quorum.state[state=leader].count': { atLeast: 4 },
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
