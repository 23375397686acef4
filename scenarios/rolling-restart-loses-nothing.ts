import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'rolling-restart-loses-nothing',
  claim: 'D6',
  story:
    'Every broker in turn is stopped cleanly and started, then killed, then loses its power, with ' +
    'time between to get back in sync. Leadership wanders, records stay.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'orders',
        partitions: 2,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', restart: 'broker-1' },
    { at: '20s', restart: 'broker-2' },
    { at: '35s', restart: 'broker-3' },
    { at: '50s', kill: 'broker-1', restartAfter: '2s' },
    { at: '80s', kill: 'broker-2', restartAfter: '2s' },
    { at: '110s', kill: 'broker-3', restartAfter: '2s' },
    { at: '140s', powerCut: 'broker-1', restartAfter: '5s' },
    { at: '170s', powerCut: 'broker-2', restartAfter: '5s' },
    { at: '200s', powerCut: 'broker-3', restartAfter: '5s' },
  ],
  runFor: '230s',
  expect: {
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'counts.reordered': 0,
    'acked-durable': 'holds',
    'no-dup': 'holds',
    'producer-order': 'holds',
    'read-stable': 'holds',
    'log-match': 'holds',
    'clients.p1.failed': 0,
    'clients.p1.unknown': 0,
    'produce-progress': 'holds',
    'follower-progress': 'holds',
  },
});
