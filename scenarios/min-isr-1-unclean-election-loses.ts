import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'min-isr-1-unclean-election-loses',
  claim: 'D3a',
  story:
    'acks=all, but one in-sync replica is enough. The followers cannot reach the leader and leave ' +
    'the ISR 30 to 45 s later; from then on "all" means the leader alone. When it dies, an unclean ' +
    'election gives the partition to a follower that has none of it.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '1', 'unclean.leader.election.enable': 'true' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'followers:orders-0'], name: 'cut-off' },
    { at: '60s', powerCut: 'leader:orders-0', restartAfter: '20s', name: 'crash' },
    { at: '60s', heal: 'all' },
  ],
  runFor: '95s',
  expect: {
    'events.isr.proposed[why=shrink].afterFault.cut-off': { atLeast: 29_000, atMost: 45_100 },
    'events.leader.elected[how=unclean].count': { atLeast: 1 },
    'counts.acknowledgedLost': { atLeast: 1 },
    'acked-durable': 'allowed',
  },
});
