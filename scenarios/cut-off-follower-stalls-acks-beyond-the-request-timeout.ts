import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'cut-off-follower-stalls-acks-beyond-the-request-timeout',
  claim: 'R1',
  story:
    'A follower cannot reach its leader and still heartbeats: it leaves the ISR only 30 to 45 ' +
    's after it was last caught up. That may exceed request.timeout.ms; the producer tries ' +
    'again, and idempotence keeps the copy out.',
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '10s', cut: ['leader:orders-0', 'follower:orders-0'], for: '60s', name: 'cut-off' },
  ],
  runFor: '90s',
  expect: {
    'events.isr.changed.afterFault.cut-off': { atLeast: 29000, atMost: 45500 },
    'events.client.retried[error=REQUEST_TIMED_OUT].count': { atLeast: 1 },
    'clients.p1.longestUnavailableMs': { atLeast: 28000, atMost: 47000 },
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
