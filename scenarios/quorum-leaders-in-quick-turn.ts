import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'quorum-leaders-in-quick-turn',
  claim: 'Z67',
  story:
    'One leader of the controllers after another is cut off before it gets its first ' +
    'decisions through; old entries of several epochs lie about, as in figure 8 of the Raft ' +
    'paper. An entry of an older epoch never counts as committed before one of the newest ' +
    'does.',
  cluster: {
    brokers: 3,
    controllers: 5,
    topics: [
      {
        name: 'orders',
        partitions: 5,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 50,
      partition: 'round-robin',
      config: { acks: 'all' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    {
      when: { event: 'quorum.state', state: 'leader', count: 1 },
      after: '20ms',
      isolate: 'controller:leader',
      for: '12s',
      mayMiss: true,
    },
    {
      when: { event: 'quorum.state', state: 'leader', count: 2 },
      after: '5ms',
      isolate: 'controller:leader',
      for: '12s',
      mayMiss: true,
    },
    {
      when: { event: 'quorum.state', state: 'leader', count: 3 },
      after: '15ms',
      isolate: 'controller:leader',
      for: '12s',
      mayMiss: true,
    },
    {
      when: { event: 'quorum.state', state: 'leader', count: 4 },
      after: '2ms',
      isolate: 'controller:leader',
      for: '12s',
      mayMiss: true,
    },
    {
      when: { event: 'quorum.state', state: 'leader', count: 5 },
      after: '8ms',
      isolate: 'controller:leader',
      for: '12s',
      mayMiss: true,
    },
    {
      when: { event: 'quorum.state', state: 'leader', count: 6 },
      after: '4ms',
      isolate: 'controller:leader',
      for: '12s',
      mayMiss: true,
    },
    { at: '20s', kill: 'broker-1', restartAfter: '15s' },
  ],
  runFor: '90s',
  expect: {
    'one-leader-per-epoch': 'holds',
    'metadata-match': 'holds',
    'raft-leader-complete': 'holds',
    'raft-durable': 'holds',
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
