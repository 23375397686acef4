import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'joining-follower-counts-before-it-is-confirmed',
  claim: 'Z25',
  story:
    'The leader asks for a follower to join the ISR, the controller agrees, and its answer ' +
    'does not arrive. The leader must wait for that follower from the moment it asked: it may ' +
    'be elected already. It is, and it has everything that was confirmed.',
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
      config: { acks: 'all', 'request.timeout.ms': '5000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'follower:orders-0'], name: 'away' },
    { at: '60s', heal: 'all' },
    {
      when: { event: 'isr.proposed', why: 'expand' },
      hold: ['all:controllers', 'leader:orders-0'],
      name: 'held',
    },
    {
      when: { event: 'isr.proposed', why: 'expand' },
      after: '100ms',
      cut: ['leader:orders-0', 'followers:orders-0'],
      name: 'cut-off',
    },
    {
      when: { event: 'isr.proposed', why: 'expand' },
      after: '8s',
      kill: 'leader:orders-0',
      restartAfter: '40s',
      name: 'crash',
    },
    { when: { event: 'isr.proposed', why: 'expand' }, after: '30s', heal: 'all' },
  ],
  runFor: '150s',
  expect: {
    'strong-isr': 'holds',
    'quorum-superset': 'holds',
    'hw-mono': 'holds',
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
