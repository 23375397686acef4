import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'figure-8-commits-nothing-old',
  claim: 'Z67',
  story:
    'Figure 8 of the Raft paper, step by step. 101 leads, decides something that only 102 hears, ' +
    'and dies; 105 leads and is cut off with its first entry; 101 leads again and brings the old ' +
    'entry to a majority, while its own first entry is on two of five. The old one must not ' +
    'count as committed yet: 101 dies, and 105, whose last entry is newer, leads without it.',
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
    // Whoever led before: 101 does not, and then only 101 reaches a majority.
    { at: 0, cut: ['controller-101', 'all:controllers'], for: '8s' },
    { at: '12s', cut: ['controller-102', ['controller-103', 'controller-104', 'controller-105']] },
    { at: '12s', cut: ['controller-103', ['controller-104', 'controller-105']] },
    { at: '12s', cut: ['controller-104', 'controller-105'] },
    // It leads: what it decides from now on is heard by 102 alone.
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-101' },
      after: '3s',
      cut: ['controller-101', ['controller-103', 'controller-104']],
    },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-101' },
      after: '3020ms',
      cut: ['controller-101', 'controller-105'],
      name: 'unheard',
    },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-101' },
      after: '4250ms',
      kill: 'controller-101',
      name: 'first-death',
    },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-101' },
      after: '4300ms',
      heal: ['controller-105', ['controller-103', 'controller-104']],
    },
    // 105 leads, and nobody gets its first entry.
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-105' },
      cut: ['controller-105', ['controller-103', 'controller-104']],
      name: 'newer',
    },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-105' },
      after: '500ms',
      heal: ['controller-101', 'controller-103'],
    },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-105' },
      after: '500ms',
      start: 'controller-101',
    },
    // 101 leads again: 103 gets everything, 102 nothing new.
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-101', count: 2 },
      hold: ['controller-101', 'controller-102'],
      api: 'Fetch',
      direction: 'response',
      name: 'again',
    },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-101', count: 2 },
      after: '700ms',
      kill: 'controller-101',
      restartAfter: '15s',
      name: 'second-death',
    },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-101', count: 2 },
      after: '900ms',
      heal: ['controller-105', ['controller-102', 'controller-104']],
    },
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-105', count: 2 },
      after: '4s',
      heal: 'all',
    },
  ],
  operations: [
    {
      when: { event: 'quorum.state', state: 'leader', node: 'controller-101' },
      after: '3200ms',
      createTopic: { name: 'payments', partitions: 1, replicationFactor: 3 },
      timeout: '60s',
      name: 'decision',
    },
  ],
  runFor: '70s',
  expect: {
    'events.quorum.state[state=leader].afterFault.unheard': { atLeast: 1500, atMost: 15000 },
    'operations.decision.error': 'NONE',
    'one-leader-per-epoch': 'holds',
    'metadata-match': 'holds',
    'raft-leader-complete': 'holds',
    'raft-durable': 'holds',
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
