import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'all-replicas-down-wait-for-the-last-in-sync',
  claim: 'D7',
  story:
    'One replica after another dies. Two of them come back and stand by: without eligible ' +
    'leader replicas only the last member of the ISR may lead. When it returns, everything is ' +
    'there.',
  cluster: {
    brokers: 3,
    config: { 'feature.eligible.leader.replicas.version': '0' },
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
    { at: '5s', kill: 'leader:orders-0', name: 'first' },
    { at: '25s', kill: 'leader:orders-0', name: 'second' },
    { at: '45s', kill: 'leader:orders-0', name: 'third' },
    { at: '70s', start: ['struck:first', 'struck:second'], name: 'others-return' },
    { at: '100s', start: 'struck:third', name: 'last-returns' },
  ],
  runFor: '130s',
  expect: {
    'events.leader.elected[how=none].count': { atLeast: 1 },
    'events.leader.elected[how=elected].lastAt': { atLeast: 100000 },
    'events.leader.started.afterFault.others-return': { atLeast: 30000 },
    'clients.p1.longestUnavailableMs': { atLeast: 50000 },
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
