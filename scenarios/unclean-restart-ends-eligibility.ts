import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'unclean-restart-ends-eligibility',
  claim: 'Z29',
  story:
    'A follower is the only eligible leader besides the leader itself. It loses its power and ' +
    'records with it, and comes back: it is eligible no more, and when the leader dies the ' +
    'partition waits for the leader.',
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
  faults: [
    { at: '5s', isolate: 'followers:orders-0', name: 'away' },
    { at: '20s', powerCut: 'struck:away', style: 'drop-all', restartAfter: '2s', name: 'crash' },
    { at: '30s', kill: 'leader:orders-0', name: 'death' },
    { at: '40s', heal: 'all', name: 'mend' },
    { at: '80s', start: 'struck:death', name: 'return' },
  ],
  runFor: '110s',
  expect: {
    'events.leader.started.afterFault.mend': { atLeast: 40000 },
    'events.leader.elected[how=unclean].count': 0,
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
