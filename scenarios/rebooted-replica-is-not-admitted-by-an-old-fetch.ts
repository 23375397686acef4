import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'rebooted-replica-is-not-admitted-by-an-old-fetch',
  claim: 'Z27',
  story:
    'A follower has caught up and the leader asks for it to join the ISR; the request is held ' +
    'up on its way. Meanwhile the follower loses its disk and registers again, empty. The ' +
    'late request names an incarnation that is no more, and is refused.',
  cluster: {
    brokers: 2,
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 2,
        config: { 'min.insync.replicas': '1' },
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
      at: '60s',
      hold: ['leader:orders-0', 'all:controllers'],
      api: 'AlterPartition',
      direction: 'request',
      name: 'held',
    },
    {
      when: { event: 'isr.proposed', why: 'expand' },
      after: '300ms',
      loseDisk: 'follower:orders-0',
      name: 'lost',
    },
    {
      when: { event: 'isr.proposed', why: 'expand' },
      after: '300ms',
      kill: 'follower:orders-0',
      restartAfter: '1s',
    },
    { when: { event: 'isr.proposed', why: 'expand' }, after: '15s', release: 'held' },
  ],
  runFor: '120s',
  expect: {
    'counts.acknowledgedLost': 0,
    'acked-durable': 'holds',
    'unclean-excluded': 'holds',
    'candidate-complete': 'holds',
    'leader-complete': 'holds',
    'strong-isr': 'holds',
    'isr-live': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
  },
});
