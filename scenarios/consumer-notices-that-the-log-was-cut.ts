import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'consumer-notices-that-the-log-was-cut',
  claim: 'Z35',
  story:
    'An unclean election takes records back that a consumer has read, and as many new ones ' +
    'are written at once. The consumer finds by the epochs that its place is in another ' +
    'history, and reads on from where the two part.',
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 200, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'followers:orders-0'], name: 'away' },
    { at: '60s', kill: 'leader:orders-0', restartAfter: '20s', name: 'crash' },
    { at: '60s', heal: 'all' },
  ],
  runFor: '100s',
  expect: {
    'events.leader.elected[how=unclean].count': { atLeast: 1 },
    'counts.acknowledgedLost': { atLeast: 1 },
    'acked-durable': 'allowed',
    'read-stable': 'allowed',
    'events.consumer.position[node=c1,how=truncated].count': { atLeast: 1 },
    'consume-progress': 'holds',
    'produce-progress': 'holds',
  },
});
