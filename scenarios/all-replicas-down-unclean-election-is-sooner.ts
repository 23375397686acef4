import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'all-replicas-down-unclean-election-is-sooner',
  claim: 'D7',
  story:
    'One replica after another dies, and the last one alone went on confirming. With unclean ' +
    'elections the first to return leads at once: available sooner, and what only the last ' +
    'one had is gone.',
  cluster: {
    brokers: 3,
    config: { 'feature.eligible.leader.replicas.version': '0' },
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
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 50,
      config: { acks: 'all', 'delivery.timeout.ms': '180000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', kill: 'leader:orders-0', name: 'first' },
    { at: '25s', kill: 'leader:orders-0', name: 'second' },
    { at: '45s', kill: 'leader:orders-0', name: 'third' },
    { at: '70s', start: 'struck:first', name: 'first-returns' },
    { at: '100s', start: ['struck:second', 'struck:third'] },
  ],
  runFor: '130s',
  expect: {
    'events.leader.elected[how=unclean].afterFault.first-returns': { atMost: 15000 },
    'counts.acknowledgedLost': { atLeast: 1 },
    'acked-durable': 'allowed',
    'read-stable': 'allowed',
    'log-match': ['holds', 'allowed'],
    'produce-progress': 'holds',
    'follower-progress': 'holds',
  },
});
