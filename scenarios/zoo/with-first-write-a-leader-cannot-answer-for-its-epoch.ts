import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'with-first-write-a-leader-cannot-answer-for-its-epoch',
  claim: 'Z13',
  story:
    'A broker leads anew and has written nothing yet. A follower asks about the epoch ' +
    'between, which the leader does not know; so the follower cuts to its own high ' +
    'watermark, one record below what was confirmed. Then the leader dies.',
  cluster: {
    brokers: 2,
    variants: { 'epoch-start': 'with-first-write' },
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
      stopAt: '8.5s',
      config: { acks: 'all', 'socket.connection.setup.timeout.ms': '200' },
    },
    {
      producer: 'p3',
      topic: 'orders',
      recordsPerSecond: 100,
      startAt: '8.4s',
      stopAt: '9.9s',
      config: { acks: '1', 'socket.connection.setup.timeout.ms': '200' },
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
    { at: '0s', cut: ['client:p2', 'broker-1'], name: 'p2-sees-two' },
    { at: '0s', cut: ['client:p3', 'broker-2'], name: 'p3-sees-one' },
    { at: '8.31s', cut: ['broker-1', 'broker-2'], name: 'apart' },
    {
      at: '10s',
      hold: ['all:controllers', 'broker-1'],
      api: 'Fetch',
      direction: 'response',
      name: 'unaware',
    },
    { at: '16s', heal: 'all' },
    {
      when: { event: 'log.truncated', node: 'broker-2', partition: 'orders-0' },
      cut: ['broker-1', 'broker-2'],
      mayMiss: true,
    },
    {
      when: { event: 'log.truncated', node: 'broker-2', partition: 'orders-0' },
      after: '100ms',
      kill: 'broker-1',
      restartAfter: '30s',
      mayMiss: true,
    },
    { at: '50s', heal: 'all' },
  ],
  operations: [
    { at: '1s', reassign: 'orders-0', replicas: [1, 2], name: 'first-replicas' },
    { at: '2s', electLeaders: 'preferred', partitions: 'orders-0', name: 'first-leader' },
    { at: '3s', reassign: 'orders-0', replicas: [2, 1], name: 'second-replicas' },
    { at: '10.1s', electLeaders: 'preferred', partitions: 'orders-0', name: 'second-leader' },
    { at: '12s', reassign: 'orders-0', replicas: [1, 2], name: 'third-replicas' },
    { at: '13s', electLeaders: 'preferred', partitions: 'orders-0', name: 'third-leader' },
  ],
  runFor: '70s',
  expect: {
    'acked-durable': 'violated',
    'candidate-complete': 'violated',
    'read-stable': 'violated',
    'offset-unique': 'violated',
    'hw-mono': 'violated',
    'leader-complete': 'violated',
  },
});
