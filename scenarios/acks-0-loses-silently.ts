import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'acks-0-loses-silently',
  claim: 'D1',
  story:
    'The producer waits for no answer. The leader loses its power; until the machine is back and ' +
    'refuses the old connection, every record is sent into the void and counted as sent.',
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 200, config: { acks: '0' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '3s', powerCut: 'leader:orders-0', restartAfter: '15s' }],
  runFor: '35s',
  expect: {
    'counts.acknowledgedLost': { atLeast: 1 },
    'acked-durable': 'allowed',
    'clients.p1.failed': 0,
    'clients.p1.unknown': 0,
    'log-match': 'holds',
  },
});
