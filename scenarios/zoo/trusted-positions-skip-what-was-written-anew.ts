import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'trusted-positions-skip-what-was-written-anew',
  claim: 'Z35',
  story:
    'An unclean election takes records back that a consumer has read, and before it reaches ' +
    'the new leader as many new ones are written. It reads on where it was, in another ' +
    'history, and never sees what stands before that place.',
  cluster: {
    brokers: 3,
    variants: { 'consumer-position': 'trusted' },
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 20, config: { acks: 'all' } },
    {
      producer: 'p2',
      topic: 'orders',
      recordsPerSecond: 500,
      startAt: '60s',
      stopAt: '85s',
      config: { acks: 'all' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'followers:orders-0'], name: 'away' },
    { at: '59s', cut: ['client:c1', 'all:brokers'], for: '35s', name: 'blind' },
    { at: '60s', heal: ['leader:orders-0', 'followers:orders-0'] },
    { at: '60s', kill: 'leader:orders-0', restartAfter: '20s', name: 'crash' },
  ],
  runFor: '110s',
  expect: {
    'read-stable': 'violated',
  },
});
