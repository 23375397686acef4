import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'clients-learn-metadata-from-brokers',
  claim: 'Z2',
  story:
    'Clients ask brokers where the leaders are; not a byte of theirs goes to a controller, ' +
    'not even when a leader dies.',
  cluster: {
    brokers: 3,
    controllers: 3,
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '5s', kill: 'leader:orders-0', restartAfter: '20s' }],
  runFor: '40s',
  expect: {
    'events.connection.opening[node=p1,to=controller-101].count': 0,
    'events.connection.opening[node=p1,to=controller-102].count': 0,
    'events.connection.opening[node=p1,to=controller-103].count': 0,
    'events.connection.opening[node=c1,to=controller-101].count': 0,
    'events.connection.opening[node=c1,to=controller-102].count': 0,
    'events.connection.opening[node=c1,to=controller-103].count': 0,
    'events.frame.sent[node=p1,role=request,api=3].count': { atLeast: 1 },
    'events.frame.sent[node=c1,role=request,api=3].count': { atLeast: 1 },
    'acked-durable': 'holds',
    'produce-progress': 'holds',
  },
});
