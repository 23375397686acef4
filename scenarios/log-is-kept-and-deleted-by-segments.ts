import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'log-is-kept-and-deleted-by-segments',
  claim: 'S1, S2, S3',
  story:
    'A replica appends to one file and begins the next when it is full; what has become ' +
    'too much goes from the front, whole files at a time, and readers find the log ' +
    'beginning later.',
  cluster: {
    brokers: 3,
    config: { 'log.retention.check.interval.ms': '1000', 'log.initial.task.delay.ms': '1000' },
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: {
          'min.insync.replicas': '2',
          'segment.bytes': '20000',
          'retention.bytes': '60000',
        },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 200, config: { 'linger.ms': '50' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  runFor: '20s',
  expect: {
    'events.segment.rolled[partition=orders-0,node=broker-1].count': { atLeast: 10 },
    'events.segment.rolled[partition=orders-0,node=broker-2].count': { atLeast: 10 },
    'events.segment.rolled[partition=orders-0,node=broker-3].count': { atLeast: 10 },
    'events.segment.deleted[partition=orders-0].count': { atLeast: 20 },
    'events.segment.deleted[partition=orders-0,why=retention.ms].count': 0,
    'log-match': 'holds',
    'offset-unique': 'holds',
    'read-stable': 'holds',
  },
});
