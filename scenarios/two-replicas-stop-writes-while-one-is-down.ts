import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'two-replicas-stop-writes-while-one-is-down',
  claim: 'D4',
  story:
    'Two replicas, and both must have a record. Whichever of them dies, nothing is lost; but ' +
    'while one is away nothing is confirmed either: first writes hang until their time is ' +
    'out, then, the dead one being fenced, they are refused.',
  cluster: {
    brokers: 2,
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 2,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 50,
      config: { acks: 'all', 'request.timeout.ms': '10000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', kill: 'follower:orders-0', restartAfter: '30s', name: 'follower-dies' },
    { at: '70s', powerCut: 'leader:orders-0', restartAfter: '20s', name: 'leader-loses-power' },
  ],
  runFor: '120s',
  expect: {
    'events.produce.refused[error=NOT_ENOUGH_REPLICAS].afterFault.follower-dies': {
      atLeast: 6900,
      atMost: 22000,
    },
    'clients.p1.longestUnavailableMs': { atLeast: 25000 },
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
