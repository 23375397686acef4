import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'three-replicas-survive-any-one-crash',
  claim: 'D4',
  story:
    'Three replicas, two of which must have a record. Leader and follower die in turn, by a ' +
    'crash and by a loss of power; each time writes go on when the dead one is fenced and the ' +
    'producer has given its requests to it up, and nothing is lost.',
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
    { at: '5s', kill: 'leader:orders-0', restartAfter: '20s' },
    { at: '50s', powerCut: 'leader:orders-0', restartAfter: '20s' },
    { at: '95s', kill: 'follower:orders-0', restartAfter: '20s' },
    { at: '140s', powerCut: 'follower:orders-0', restartAfter: '20s' },
  ],
  runFor: '180s',
  expect: {
    'clients.p1.longestUnavailableMs': { atLeast: 5000, atMost: 32000 },
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
