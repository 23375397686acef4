import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'consumers-never-read-above-the-high-watermark',
  claim: 'R3',
  story:
    'The leader holds records that its followers lack, confirmed with acks=1, and then dies. They ' +
    'vanish, yet no consumer ever saw one: it is given only what all in-sync replicas have.',
  cluster: {
    brokers: 3,
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 200, config: { acks: '1' } },
    { producer: 'p2', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
    {
      consumer: 'c2',
      topic: 'orders',
      pollEvery: '50ms',
      config: { 'auto.offset.reset': 'latest' },
    },
  ],
  faults: [
    { at: '2s', delay: ['leader:orders-0', 'followers:orders-0'], by: '40ms', jitter: '20ms' },
    { at: '6s', cut: ['leader:orders-0', 'followers:orders-0'] },
    { at: '9s', kill: 'leader:orders-0', restartAfter: '15s' },
    { at: '9s', heal: 'all' },
  ],
  runFor: '45s',
  expect: {
    'read-stable': 'holds',
    'hw-mono': 'holds',
    'offset-bounds': 'holds',
    'log-match': 'holds',
    'clients.p1.acknowledgedLost': { atLeast: 1 },
    'clients.p2.acknowledgedLost': 0,
    'counts.consumed': { atLeast: 1 },
  },
});
