import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'quorum-power-loss-keeps-decisions',
  claim: 'Z66',
  story:
    'All controllers lose their power at once, in the middle of elections, with whatever no ' +
    'disk had taken. What was committed had been flushed by a majority: not one decision is ' +
    'lost.',
  cluster: {
    brokers: 3,
    controllers: 3,
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
    { at: '50s', powerCut: 'all:controllers', restartAfter: '2s' },
  ],
  runFor: '90s',
  expect: {
    'one-leader-per-epoch': 'holds',
    'metadata-match': 'holds',
    'raft-leader-complete': 'holds',
    'raft-durable': 'holds',
    'quorum-superset': 'holds',
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
