import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'reassignment-waits-for-every-target',
  claim: 'Z36',
  story:
    'A partition is moved to three other brokers, and one of them cannot reach the leader. ' +
    'The move is not completed before that one is in sync, too: were it done earlier, one ' +
    'crash could take the only copy.',
  cluster: {
    brokers: 6,
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '1' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    {
      at: '20s',
      cut: ['broker-5', ['broker-1', 'broker-2', 'broker-3', 'broker-4', 'broker-6']],
      for: '40s',
      name: 'cut-off',
    },
    { at: '100s', powerCut: 'leader:orders-0', style: 'drop-all', restartAfter: '10s' },
  ],
  operations: [
    { at: '1s', reassign: 'orders-0', replicas: [1, 2, 3], name: 'place' },
    { at: '25s', reassign: 'orders-0', replicas: [4, 5, 6], name: 'move' },
  ],
  runFor: '140s',
  expect: {
    'reassign-safe': 'holds',
    'committed-somewhere': 'holds',
    'operations.move.error': 'NONE',
    'events.leader.elected[how=reassigned].lastAt': { atLeast: 60000, atMost: 75000 },
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
