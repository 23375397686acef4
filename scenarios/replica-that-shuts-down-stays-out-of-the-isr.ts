import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'replica-that-shuts-down-stays-out-of-the-isr',
  claim: 'Z26',
  story:
    'Brokers stop in order while load goes on. A stopping broker leaves every ISR before it ' +
    'goes, and its last fetches do not bring it back: no write ever waits for who is gone.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'orders',
        partitions: 6,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 60,
      partition: 'round-robin',
      config: { acks: 'all' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', stop: 'broker-1', restartAfter: '15s' },
    { at: '40s', stop: 'broker-2', restartAfter: '15s' },
    { at: '75s', stop: 'broker-3', restartAfter: '15s' },
  ],
  runFor: '110s',
  expect: {
    'events.broker.leaving.count': 3,
    'clients.p1.longestUnavailableMs': { atMost: 3000 },
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
