import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'record-waits-for-its-batch',
  claim: 'P1',
  story:
    'A record waits in its partition’s batch until the batch is full or linger.ms old; ' +
    'then the sender takes it. Few records wait for the time, many fill their batches.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'slow',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
      {
        name: 'fast',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'slow', recordsPerSecond: 100, config: { 'linger.ms': '200' } },
    { producer: 'p2', topic: 'fast', recordsPerSecond: 2000, config: { 'linger.ms': '200' } },
  ],
  runFor: '10s',
  expect: {
    'events.frame.sent[node=p1,role=request,api=0].count': { atLeast: 44, atMost: 51 },
    'clients.p1.latencyMs.max': { atLeast: 200, atMost: 260 },
    'events.frame.sent[node=p2,role=request,api=0].count': { atLeast: 120, atMost: 180 },
    'clients.p2.latencyMs.p95': { atMost: 120 },
    'acked-durable': 'holds',
  },
});
