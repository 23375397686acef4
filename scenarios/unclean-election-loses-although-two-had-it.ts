import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'unclean-election-loses-although-two-had-it',
  claim: 'Z03',
  story:
    'Two in-sync replicas have every confirmed record, and both die. With unclean elections ' +
    'the third, which was away, is made leader although it lacks the newest records; when the ' +
    'two return they cut them off.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2', 'unclean.leader.election.enable': 'true' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: 'all' } },
    {
      producer: 'p2',
      topic: 'orders',
      recordsPerSecond: 50,
      startAt: '60s',
      config: { acks: '1', 'enable.idempotence': 'false' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', isolate: 'follower:orders-0', name: 'away' },
    { at: '30s', kill: 'isr:orders-0', name: 'crash' },
    { at: '45s', heal: 'all', name: 'mend' },
    { at: '80s', start: 'struck:crash' },
  ],
  runFor: '110s',
  expect: {
    'events.leader.elected[how=unclean].afterFault.mend': { atMost: 30000 },
    'clients.p1.acknowledgedLost': { atLeast: 1 },
    'acked-durable': 'allowed',
    'read-stable': 'allowed',
    'leader-complete': 'allowed',
    'events.produce.refused[error=NOT_ENOUGH_REPLICAS].count': { atLeast: 1 },
    'isr-live': 'holds',
    'leader-live': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
  },
});
