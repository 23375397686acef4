import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'batches-and-compression-raise-throughput',
  claim: 'P3',
  story:
    'Four producers on slow links send as much as they can: one record at a time, in ' +
    'batches, and in batches that are compressed, two ways.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'single',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
      {
        name: 'batched',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
      { name: 'lz4', partitions: 1, replicationFactor: 3, config: { 'min.insync.replicas': '2' } },
      {
        name: 'zstd',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'single',
      inFlight: 500,
      valueBytes: 100,
      config: { 'batch.size': '0', 'linger.ms': '0' },
    },
    {
      producer: 'p2',
      topic: 'batched',
      inFlight: 500,
      valueBytes: 100,
      config: { 'linger.ms': '5' },
    },
    {
      producer: 'p3',
      topic: 'lz4',
      inFlight: 500,
      valueBytes: 100,
      config: { 'linger.ms': '5', 'compression.type': 'lz4' },
    },
    {
      producer: 'p4',
      topic: 'zstd',
      inFlight: 500,
      valueBytes: 100,
      config: { 'linger.ms': '5', 'compression.type': 'zstd' },
    },
    { consumer: 'c1', topic: 'lz4', config: { 'auto.offset.reset': 'earliest' } },
    { consumer: 'c2', topic: 'zstd', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    {
      at: 0,
      slowLink: [['client:p1', 'client:p2', 'client:p3', 'client:p4'], 'all:brokers'],
      bytesPerSecond: 500000,
    },
  ],
  runFor: '400ms',
  expect: {
    'clients.p1.acknowledged': { atMost: 1700 },
    'clients.p2.acknowledged': { atLeast: 1800, atMost: 3500 },
    'clients.p3.acknowledged': { atLeast: 8000 },
    'clients.p4.acknowledged': { atLeast: 8000 },
    'acked-durable': 'holds',
    'no-dup': 'holds',
    'producer-order': 'holds',
  },
});
