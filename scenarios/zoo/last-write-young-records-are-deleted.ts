import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'last-write-young-records-are-deleted',
  claim: 'Z45',
  story:
    'The clock of a leader is half an hour behind while records are written, and is then set right. ' +
    'Records say themselves when they were made; their files say half an hour ago. By the time of ' +
    'the file all of them are too old.',
  cluster: {
    brokers: 3,
    config: { 'log.retention.check.interval.ms': '1000', 'log.initial.task.delay.ms': '500' },
    variants: { 'retention-time': 'last-write' },
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2', 'retention.ms': '600000' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 50,
      stopAt: '10s',
      config: { acks: 'all' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', jumpClock: 'leader:orders-0', by: '-30m', name: 'behind' },
    { at: '12s', jumpClock: 'struck:behind', by: '30m' },
  ],
  runFor: '20s',
  expect: {
    'retention-bound': 'violated',
  },
});
