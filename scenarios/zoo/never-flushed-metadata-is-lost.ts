import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'never-flushed-metadata-is-lost',
  claim: 'Z66',
  story:
    'Controllers vouch for decisions that no disk has. All of them lose their power, and ' +
    'decisions that brokers had acted upon were never made.',
  cluster: {
    brokers: 3,
    controllers: 3,
    variants: { 'raft-flush': 'never' },
    topics: [
      {
        name: 'orders',
        partitions: 6,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 40,
      partition: 'round-robin',
      config: { acks: 'all' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '10s', kill: 'broker-1', restartAfter: '15s', name: 'crash' },
    {
      when: { event: 'broker.fenced', broker: 1 },
      powerCut: 'all:controllers',
      style: 'drop-all',
      restartAfter: '5s',
      name: 'dark',
    },
  ],
  runFor: '60s',
  expect: {
    'raft-durable': 'violated',
    'acked-durable': 'violated',
    'read-stable': 'violated',
    'offset-unique': 'violated',
    'log-match': 'violated',
    'one-leader-per-epoch': 'violated',
    'committed-somewhere': 'violated',
    'metadata-match': 'violated',
    'raft-leader-complete': 'violated',
    'follower-progress': 'violated',
  },
});
