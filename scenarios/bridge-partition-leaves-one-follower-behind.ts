import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'bridge-partition-leaves-one-follower-behind',
  claim: 'C3',
  story:
    'Leader and one follower cannot reach each other; the other follower and the controllers ' +
    'reach both. The follower falls out of the ISR after 30 to 45 s, and the pair that is ' +
    'left goes on.',
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
    { at: '5s', cut: ['leader:orders-0', 'follower:orders-0'], name: 'split' },
    { at: '80s', heal: 'all' },
  ],
  runFor: '110s',
  expect: {
    'events.isr.changed.afterFault.split': { atLeast: 29000, atMost: 45500 },
    'events.leader.elected.count': 0,
    'clients.p1.longestUnavailableMs': { atMost: 46000 },
    'clients.p1.failed': 0,
    'cap.split.survived': true,
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'acked-durable': 'holds',
    'read-stable': 'holds',
    'log-match': 'holds',
    'leader-complete': 'holds',
    'candidate-complete': 'holds',
    'metadata-match': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
  },
});
