import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'trusted-positions-skip-what-was-written-anew',
  claim: 'Z35',
  story:
    'An unclean election takes records back that a consumer has read, and as many new ones ' +
    'are written at once. The consumer reads on where it was, in another history, and never ' +
    'sees what stands before that place.',
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 200, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'followers:orders-0'], name: 'away' },
    { at: '60s', kill: 'leader:orders-0', restartAfter: '20s', name: 'crash' },
    { at: '60s', heal: 'all' },
  ],
  runFor: '140s',
  expect: {
    'events.consumer.position[node=c1,how=truncated].count': 0,
  },
});
