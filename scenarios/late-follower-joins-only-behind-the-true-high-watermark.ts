import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'late-follower-joins-only-behind-the-true-high-watermark',
  claim: 'Z24',
  story:
    'A follower that was away comes back just when a new leader takes over, whose own high ' +
    'watermark may still lag. It is let into the ISR only when it has reached the start of ' +
    'the new epoch; so it may be elected at any moment after.',
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 200, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'follower:orders-0'], name: 'away' },
    { at: '60s', kill: 'leader:orders-0', restartAfter: '40s', name: 'first' },
    { at: '60s', heal: 'all' },
    {
      when: { event: 'isr.proposed', why: 'expand', count: 1 },
      after: '20ms',
      kill: 'leader:orders-0',
      restartAfter: '30s',
      name: 'second',
    },
  ],
  runFor: '140s',
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
