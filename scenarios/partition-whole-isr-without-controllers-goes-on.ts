import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'partition-whole-isr-without-controllers-goes-on',
  claim: 'C3',
  story:
    'All replicas are on one side, all controllers on the other. Nobody can change the ISR, ' +
    'and nobody needs to: the whole of it is together and goes on confirming, for brokers do ' +
    'not fence themselves.',
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
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 50,
      config: { acks: 'all', 'request.timeout.ms': '5000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', cut: ['all:brokers', 'all:controllers'], name: 'split' },
    { at: '50s', heal: 'all' },
  ],
  runFor: '75s',
  expect: {
    'cap.split.sides.0.acknowledged': { atLeast: 2000 },
    'clients.p1.longestUnavailableMs': { atMost: 15000 },
    'cap.split.survived': true,
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'acked-durable': 'holds',
    'read-stable': 'holds',
    'log-match': 'holds',
    'leader-complete': 'holds',
    'candidate-complete': 'holds',
    'metadata-match': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
  },
});
