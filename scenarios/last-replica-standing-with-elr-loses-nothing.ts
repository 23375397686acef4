import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'last-replica-standing-with-elr-loses-nothing',
  claim: 'D10, Z05',
  story:
    'The same faults with eligible leader replicas (KIP-966): the leader that lost its tail ' +
    'is not trusted, and the partition waits for one of the followers, which have everything.',
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
    {
      at: '20s',
      powerCut: 'leader:orders-0',
      style: 'drop-all',
      restartAfter: '5s',
      name: 'crash',
    },
    { at: '60s', heal: 'all', name: 'mend' },
  ],
  runFor: '90s',
  expect: {
    'events.leader.elected[how=elr].afterFault.crash': { atLeast: 40000 },
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
