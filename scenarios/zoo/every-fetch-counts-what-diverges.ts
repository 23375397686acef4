import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'every-fetch-counts-what-diverges',
  claim: 'Z17',
  story:
    'Two brokers led in turn without reaching each other, and each has records of its own ' +
    'at the same offsets. The follower’s first fetch is told to cut, and yet its offset ' +
    'counts: the leader takes its own records for committed, and they are on nobody else’s ' +
    'disk.',
  cluster: {
    brokers: 2,
    variants: { 'follower-position': 'every-fetch' },
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 2,
        config: { 'min.insync.replicas': '1' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 100,
      startAt: '4s',
      config: { acks: 'all', 'socket.connection.setup.timeout.ms': '200' },
    },
    {
      producer: 'p2',
      topic: 'orders',
      recordsPerSecond: 100,
      startAt: '10.5s',
      stopAt: '15.5s',
      config: { acks: '1', 'socket.connection.setup.timeout.ms': '200' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '0s', cut: ['client:p1', 'broker-2'], name: 'p1-sees-one' },
    { at: '0s', cut: ['client:p2', 'broker-1'], name: 'p2-sees-two' },
    { at: '9s', cut: ['broker-1', 'broker-2'], name: 'apart' },
    {
      at: '10s',
      hold: ['all:controllers', 'broker-1'],
      api: 'Fetch',
      direction: 'response',
      name: 'unaware',
    },
    { at: '16s', heal: 'all' },
  ],
  operations: [
    { at: '1s', reassign: 'orders-0', replicas: [1, 2], name: 'first-replicas' },
    { at: '2s', electLeaders: 'preferred', partitions: 'orders-0', name: 'first-leader' },
    { at: '3s', reassign: 'orders-0', replicas: [2, 1], name: 'second-replicas' },
    { at: '10.1s', electLeaders: 'preferred', partitions: 'orders-0', name: 'second-leader' },
    { at: '12s', reassign: 'orders-0', replicas: [1, 2], name: 'third-replicas' },
    { at: '13s', electLeaders: 'preferred', partitions: 'orders-0', name: 'third-leader' },
  ],
  runFor: '40s',
  expect: {
    'log-match': 'violated',
    'strong-isr': 'violated',
    'candidate-complete': ['holds', 'violated'],
  },
});
