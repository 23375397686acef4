import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'any-replica-is-taken-into-the-isr',
  claim: 'Z26',
  story:
    'A follower cannot reach the controllers and is fenced, but it goes on fetching. The ' +
    'leader asks for it to be in sync again and the controller agrees: the ISR has a member ' +
    'that must not be elected, and that writes wait for.',
  cluster: {
    brokers: 3,
    variants: { 'isr-eligibility': 'any-replica' },
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', cut: ['follower:orders-0', 'all:controllers'], for: '25s', name: 'unheard' },
  ],
  runFor: '50s',
  expect: {
    'isr-live': 'violated',
  },
});
