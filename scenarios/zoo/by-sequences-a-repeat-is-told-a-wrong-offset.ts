import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'by-sequences-a-repeat-is-told-a-wrong-offset',
  claim: 'Z51',
  story:
    'A producer that has sent two thousand million records comes to the end of its sequence ' +
    'numbers, and the answer to the very batch in which they begin again is lost. It is sent ' +
    'again and recognised, but the offset that is told lies far beyond the end of the log.',
  cluster: {
    brokers: 3,
    variants: { 'sequence-wrap': 'by-sequences' },
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
      recordsPerSecond: 1000,
      counters: { sequence: 2147481598 },
      config: { acks: 'all', 'linger.ms': '20' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'client:p1'], oneWay: true, name: 'answers-lost' },
    { at: '4s', reset: ['leader:orders-0', 'client:p1'] },
    { at: '4s', heal: 'all' },
  ],
  runFor: '8s',
  expect: {
    'acked-durable': 'violated',
    'leader-complete': 'violated',
  },
});
