import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'maybe-fenced-last-leader-is-elected',
  claim: 'Z30',
  story:
    'All brokers crash, the leader last. As the others return the eligible replicas run ' +
    'out, and the last known leader is elected at once, though it is not there.',
  cluster: {
    brokers: 3,
    variants: { 'last-known-leader': 'maybe-fenced' },
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
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 100,
      config: { acks: 'all', 'delivery.timeout.ms': '180000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '8s', kill: 'followers:orders-0', name: 'others-die' },
    { at: '30s', kill: 'leader:orders-0', name: 'last-dies' },
    { at: '50s', start: 'struck:others-die', name: 'others-return' },
    { at: '80s', start: 'struck:last-dies', name: 'last-returns' },
  ],
  runFor: '110s',
  expect: {
    'leader-live': 'violated',
    'isr-live': 'violated',
  },
});
