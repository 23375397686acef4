import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'with-its-records-a-producer-is-forgotten',
  claim: 'Z48',
  story:
    'The answer to a batch is lost, and before it is sent again retention has deleted all that ' +
    'the producer ever wrote, and the memory of it. The producer is told that nobody knows it, ' +
    'begins at sequence 0 and writes once more what a consumer has long read.',
  cluster: {
    brokers: 3,
    config: { 'log.retention.check.interval.ms': '500', 'log.initial.task.delay.ms': '500' },
    variants: { 'forgotten-producer': 'with-its-records' },
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2', 'retention.ms': '2000' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 20, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', cut: ['leader:orders-0', 'client:p1'], oneWay: true, name: 'answers-lost' },
    { at: '12s', reset: ['leader:orders-0', 'client:p1'] },
    { at: '12s', heal: 'all' },
  ],
  runFor: '20s',
  expect: {
    'no-dup': 'violated',
  },
});
