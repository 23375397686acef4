import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'committed-offset-that-retention-has-passed-is-reset',
  claim: 'G5',
  story:
    'A group has committed an offset and is away. Meanwhile retention deletes the records ' +
    'there. Back again it is out of range: with earliest it goes on at what is left, with ' +
    'none its polls raise an exception.',
  cluster: {
    brokers: 3,
    config: {
      'offsets.topic.num.partitions': '1',
      'log.retention.check.interval.ms': '1000',
      'log.initial.task.delay.ms': '1000',
    },
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'segment.bytes': '2000', 'retention.ms': '4000' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50 },
    ...['earliest', 'none'].flatMap((reset, i) => [
      {
        ...{ consumer: `a${i + 1}`, group: reset, topics: ['orders'] },
        ...{ commit: 'after' as const, stopAt: '6s' },
        config: { 'auto.offset.reset': 'earliest' },
      },
      {
        ...{ consumer: `b${i + 1}`, group: reset, topics: ['orders'], startAt: '16s' },
        config: { 'auto.offset.reset': reset },
      },
    ]),
  ],
  runFor: '24s',
  expect: {
    'clients.b1.consumed': { atLeast: 1 },
    'events.consumer.position[node=b1,how=reset].count': { atLeast: 1 },
    'clients.b2.errors.OffsetOutOfRangeException': { atLeast: 1 },
    'clients.b2.consumed': 0,
    'commit-latest': 'holds',
    'commit-durable': 'holds',
  },
});
