import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'torn-tail-is-cut-at-recovery',
  claim: 'S4',
  story:
    'A follower dies and its newest batch is damaged on disk; later another dies in the middle of a ' +
    'write. Recovery finds the bad batch by its CRC and cuts the log there; the leader fills it again.',
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
      recordsPerSecond: 100,
      valueBytes: 3000,
      config: { acks: 'all' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', kill: 'follower:orders-0', restartAfter: '12s', name: 'death' },
    {
      at: '6s',
      flipBit: 'struck:death',
      file: 'orders-0/00000000000000000000.log',
      where: 'tail',
    },
    {
      at: '45s',
      crashInStep: 'follower:orders-0',
      moment: 'torn',
      restartAfter: '12s',
      name: 'torn-write',
    },
  ],
  runFor: '75s',
  expect: {
    'events.log.recovered[partition=orders-0,clean=unclean].count': 2,
    'events.log.cut[partition=orders-0].afterFault.death': { atLeast: 12_000 },
    'events.node.crashed.count': 1,
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'acked-durable': 'holds',
    'log-match': 'holds',
    'follower-progress': 'holds',
  },
});
