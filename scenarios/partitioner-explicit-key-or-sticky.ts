import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'partitioner-explicit-key-or-sticky',
  claim: 'P2',
  story:
    'A record goes to the partition that it names, else to the one that its key hashes to ' +
    '(murmur2), else to the one that the producer sticks to until a batch is full.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'named',
        partitions: 4,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
      {
        name: 'keyed',
        partitions: 4,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
      {
        name: 'free',
        partitions: 4,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'named', recordsPerSecond: 50, partition: 2 },
    { producer: 'p2', topic: 'keyed', recordsPerSecond: 50, keys: { distinct: 1 } },
    { producer: 'p3', topic: 'free', recordsPerSecond: 2000 },
  ],
  runFor: '10s',
  expect: {
    'events.log.appended[role=leader,partition=named-0].count': 0,
    'events.log.appended[role=leader,partition=named-1].count': 0,
    'events.log.appended[role=leader,partition=named-2].count': { atLeast: 100 },
    'events.log.appended[role=leader,partition=named-3].count': 0,
    'events.log.appended[role=leader,partition=keyed-0].count': 0,
    'events.log.appended[role=leader,partition=keyed-1].count': { atLeast: 100 },
    'events.log.appended[role=leader,partition=keyed-2].count': 0,
    'events.log.appended[role=leader,partition=keyed-3].count': 0,
    'events.log.appended[role=leader,partition=free-0].count': { atLeast: 20 },
    'events.log.appended[role=leader,partition=free-1].count': { atLeast: 20 },
    'events.log.appended[role=leader,partition=free-2].count': { atLeast: 20 },
    'events.log.appended[role=leader,partition=free-3].count': { atLeast: 20 },
    'acked-durable': 'holds',
  },
});
