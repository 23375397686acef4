import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'dead-follower-stalls-acks-until-it-is-fenced',
  claim: 'R1',
  story:
    'A follower dies. acks=all waits for it until the controller fences it, 9 s after its ' +
    'last heartbeat, and goes on with the two that are left.',
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '10s', kill: 'follower:orders-0', restartAfter: '40s', name: 'death' }],
  runFor: '80s',
  expect: {
    'events.broker.fenced.afterFault.death': { atLeast: 6900, atMost: 9200 },
    'clients.p1.longestUnavailableMs': { atLeast: 6000, atMost: 10000 },
    'clients.p1.failed': 0,
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'counts.reordered': 0,
    'acked-durable': 'holds',
    'no-dup': 'holds',
    'read-stable': 'holds',
    'log-match': 'holds',
    'leader-complete': 'holds',
    'candidate-complete': 'holds',
    'unclean-excluded': 'holds',
    'isr-live': 'holds',
    'leader-live': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
    'consume-progress': 'holds',
    'metadata-progress': 'holds',
  },
});
