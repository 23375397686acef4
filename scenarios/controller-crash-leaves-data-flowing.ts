import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'controller-crash-leaves-data-flowing',
  claim: 'Z1',
  story:
    'The leader of three controllers dies. The others elect another within seconds; clients ' +
    'and replicas notice nothing meanwhile.',
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
  faults: [{ at: '10s', kill: 'controller:leader', restartAfter: '30s', name: 'crash' }],
  runFor: '60s',
  expect: {
    'events.quorum.state[state=leader].afterFault.crash': { atLeast: 1000, atMost: 12000 },
    'events.controller.activated.afterFault.crash': { atMost: 12000 },
    'events.broker.fenced.count': 0,
    'events.leader.elected.count': 0,
    'clients.p1.longestUnavailableMs': 0,
    'raft-leader-complete': 'holds',
    'raft-durable': 'holds',
    'metadata-match': 'holds',
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
