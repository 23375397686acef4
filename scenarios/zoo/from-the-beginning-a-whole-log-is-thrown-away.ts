import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'from-the-beginning-a-whole-log-is-thrown-away',
  claim: 'Z21',
  story:
    'A follower has two records more than its new leader, and is told that its position is out ' +
    'of range. Before it asks where the leader ends, the leader has grown past it. It takes ' +
    'that for having fallen behind, throws its whole log away, and becomes the leader.',
  cluster: {
    brokers: 3,
    variants: { 'out-of-range': 'from-the-beginning' },
    topics: [
      {
        name: 'orders',
        partitions: 3,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 150, config: { acks: 'all' } },
    { producer: 'p2', topic: 'orders', recordsPerSecond: 150, config: { acks: '1' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  // Each broker leads one partition, and the next one in number is its successor.
  faults: [
    { at: '5s', cut: ['broker-1', 'broker-2'], for: '20s', name: 'behind' },
    { at: '5s', hold: ['broker-3', 'broker-2'], api: 'ListOffsets', name: 'question' },
    { at: '6s', stop: 'broker-1', restartAfter: '20s' },
    { at: '9s', release: 'question' },
    {
      when: { event: 'log.truncated', node: 'broker-3', why: 'restarted' },
      kill: 'broker-2',
      restartAfter: '30s',
      mayMiss: true,
    },
  ],
  runFor: '60s',
  expect: {
    'acked-durable': 'violated',
    'read-stable': 'violated',
    'offset-unique': 'violated',
    'hw-mono': 'violated',
    'leader-complete': 'violated',
    'candidate-complete': 'violated',
  },
});
