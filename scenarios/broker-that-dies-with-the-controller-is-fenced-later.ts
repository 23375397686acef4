import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'broker-that-dies-with-the-controller-is-fenced-later',
  claim: 'Z1',
  story:
    'The leader of a partition dies together with the leader of the controllers. Elections of ' +
    'partitions have to wait for the new controller, which gives every broker a full session ' +
    'from its own start.',
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
    {
      at: '10s',
      kill: ['controller:leader', 'leader:orders-0'],
      restartAfter: '40s',
      name: 'crash',
    },
  ],
  runFor: '80s',
  expect: {
    'events.leader.elected[how=elected].afterFault.crash': { atLeast: 10000, atMost: 21000 },
    'raft-leader-complete': 'holds',
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
