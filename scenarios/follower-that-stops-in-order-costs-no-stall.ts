import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'follower-that-stops-in-order-costs-no-stall',
  claim: 'R1',
  story:
    'A follower is stopped in order: it leaves the ISR before it goes, and no write waits for ' +
    'it.',
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '10s', stop: 'follower:orders-0', restartAfter: '20s', name: 'farewell' }],
  runFor: '50s',
  expect: {
    'clients.p1.longestUnavailableMs': 0,
    'clients.p1.latencyMs.max': { atMost: 1500 },
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
