import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'with-next-fetch-a-write-waits-for-who-has-left',
  claim: 'Z33',
  story:
    'One single record is written while a follower cannot reach the leader. The ISR ' +
    'shrinks, and that alone releases nothing: the record has every replica that counts and ' +
    'is confirmed to nobody, until its time is up.',
  cluster: {
    brokers: 3,
    variants: { 'shrink-applied': 'with-next-fetch' },
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
    {
      producer: 'p1',
      topic: 'orders',
      inFlight: 1,
      count: 1,
      startAt: '5s',
      config: { acks: 'all', 'request.timeout.ms': '60000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '3s', cut: ['leader:orders-0', 'follower:orders-0'], name: 'cut-off' }],
  runFor: '140s',
  expect: {
    'clients.p1.acknowledged': 0,
  },
});
