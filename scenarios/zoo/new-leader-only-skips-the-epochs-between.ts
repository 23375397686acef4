import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'new-leader-only-skips-the-epochs-between',
  claim: 'Z12',
  story:
    'A follower misses that another broker led for a while and that its leader cut its log ' +
    'meanwhile. When it hears of the newest epoch the leader is the one that it knows, so ' +
    'it compares nothing and keeps records that are no more.',
  cluster: {
    brokers: 3,
    variants: { 'follower-restart': 'new-leader-only' },
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '1' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: '1' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '9.5s', cut: ['broker-1', 'broker-2'], name: 'apart' },
    {
      at: '10s',
      hold: ['all:controllers', 'broker-3'],
      api: 'Fetch',
      direction: 'response',
      name: 'unaware',
    },
    { at: '10.2s', heal: ['broker-1', 'broker-2'] },
    { at: '17s', heal: 'all' },
  ],
  operations: [
    { at: '1s', reassign: 'orders-0', replicas: [1, 2, 3], name: 'first-replicas' },
    { at: '2s', electLeaders: 'preferred', partitions: 'orders-0', name: 'first-leader' },
    { at: '3s', reassign: 'orders-0', replicas: [2, 1, 3], name: 'second-replicas' },
    { at: '10.1s', electLeaders: 'preferred', partitions: 'orders-0', name: 'second-leader' },
    { at: '12s', reassign: 'orders-0', replicas: [1, 2, 3], name: 'third-replicas' },
    { at: '13s', electLeaders: 'preferred', partitions: 'orders-0', name: 'third-leader' },
  ],
  runFor: '40s',
  expect: {
    'log-match': 'violated',
    'strong-isr': 'violated',
  },
});
