import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'last-batch-alone-is-recognised',
  claim: 'Z46',
  story:
    'Several batches are written and their answers are lost. Sent again, only the newest is ' +
    'known; the older ones look like a gap, so the producer begins a new epoch and writes ' +
    'them once more.',
  cluster: {
    brokers: 3,
    variants: { 'dedup-window': 'last-batch' },
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 200, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'client:p1'], oneWay: true, name: 'answers-lost' },
    { at: '3s', reset: ['leader:orders-0', 'client:p1'] },
    { at: '3s', heal: 'all' },
  ],
  runFor: '8s',
  expect: {
    'no-dup': 'violated',
  },
});
