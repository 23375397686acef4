import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'asymmetric-partition-stops-writes-and-loses-nothing',
  claim: 'C3',
  story:
    'What the followers send does not reach the leader, and everything else arrives. The ' +
    'leader still heartbeats, so it stays leader; it drops the followers from the ISR after ' +
    '30 to 45 s and refuses from then on.',
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
      recordsPerSecond: 50,
      config: { acks: 'all', 'delivery.timeout.ms': '180000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', cut: ['followers:orders-0', 'leader:orders-0'], oneWay: true, name: 'split' },
    { at: '80s', heal: 'all', name: 'mend' },
  ],
  runFor: '110s',
  expect: {
    'events.isr.changed.afterFault.split': { atLeast: 29000, atMost: 45500 },
    'events.leader.elected.count': 0,
    'clients.p1.longestUnavailableMs': { atLeast: 60000 },
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
