import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'zombie-controller-is-not-heard',
  claim: 'Z3',
  story:
    'The leader of the controllers freezes; another is elected and decides. When the first ' +
    'wakes up it still believes that it rules: what it sends carries an old epoch, it can ' +
    'commit nothing, and it steps down.',
  cluster: {
    brokers: 3,
    controllers: 3,
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
  faults: [
    { at: '10s', pause: 'controller:leader', for: '25s', name: 'freeze' },
    { at: '12s', kill: 'leader:orders-0', restartAfter: '30s', name: 'crash' },
  ],
  runFor: '70s',
  expect: {
    'one-leader-per-epoch': 'holds',
    'metadata-match': 'holds',
    'raft-leader-complete': 'holds',
    'raft-durable': 'holds',
    'events.quorum.state[state=leader].afterFault.freeze': { atLeast: 1000, atMost: 12000 },
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
