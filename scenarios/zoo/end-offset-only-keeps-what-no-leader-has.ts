import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'end-offset-only-keeps-what-no-leader-has',
  claim: 'Z11',
  story:
    'Leadership goes from one broker to the other and back while the two cannot reach each ' +
    'other. Asked where the epoch in between ended, the leader, which never had it, names ' +
    'the start of its own. That lies above all that the follower has, so it keeps what it ' +
    'wrote.',
  cluster: {
    brokers: 2,
    variants: { truncation: 'end-offset-only' },
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
      config: {
        acks: '1',
        'socket.connection.setup.timeout.ms': '200',
        'enable.idempotence': 'false',
      },
    },
    {
      producer: 'p2',
      topic: 'orders',
      recordsPerSecond: 50,
      startAt: '10.5s',
      stopAt: '11.5s',
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
    'strong-isr': 'violated',
    'acked-durable': 'violated',
    'offset-unique': 'violated',
    'follower-progress': 'violated',
  },
});
