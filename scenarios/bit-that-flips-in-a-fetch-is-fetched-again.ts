import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'bit-that-flips-in-a-fetch-is-fetched-again',
  claim: 'R6',
  story:
    'A bit flips in a batch on its way to a follower, and TCP does not notice. The checksum of the ' +
    'batch does: the follower asks again, and nobody else hears of it.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'orders',
        partitions: 4,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    {
      at: '10s',
      flipInFlight: ['leader:orders-0', 'followers:orders-0'],
      api: 'Fetch',
    },
  ],
  runFor: '70s',
  expect: {
    'events.fault.flippedInFlight.count': 1,
    'events.isr.proposed.count': 0,
    'acked-durable': 'holds',
    'log-match': 'holds',
    'follower-progress': 'holds',
    'isr-stable': 'holds',
  },
});
