import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'followers-pull-from-the-leader',
  claim: 'R5',
  story:
    'No broker ever sends records to another: followers ask their leader for what is new, ' +
    'with the same request that consumers use.',
  cluster: {
    brokers: 3,
    topics: [
      {
        name: 'orders',
        partitions: 3,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 200,
      partition: 'round-robin',
      config: { acks: 'all' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [],
  runFor: '10s',
  expect: {
    'events.frame.sent[node=broker-1,to=broker-2,role=request,api=0].count': 0,
    'events.frame.sent[node=broker-1,to=broker-3,role=request,api=0].count': 0,
    'events.frame.sent[node=broker-2,to=broker-1,role=request,api=0].count': 0,
    'events.frame.sent[node=broker-2,to=broker-3,role=request,api=0].count': 0,
    'events.frame.sent[node=broker-3,to=broker-1,role=request,api=0].count': 0,
    'events.frame.sent[node=broker-3,to=broker-2,role=request,api=0].count': 0,
    'events.frame.sent[node=broker-1,to=broker-2,role=request,api=1].count': { atLeast: 10 },
    'events.frame.sent[node=broker-1,to=broker-3,role=request,api=1].count': { atLeast: 10 },
    'events.frame.sent[node=broker-2,to=broker-1,role=request,api=1].count': { atLeast: 10 },
    'events.frame.sent[node=broker-2,to=broker-3,role=request,api=1].count': { atLeast: 10 },
    'events.frame.sent[node=broker-3,to=broker-1,role=request,api=1].count': { atLeast: 10 },
    'events.frame.sent[node=broker-3,to=broker-2,role=request,api=1].count': { atLeast: 10 },
    'events.log.appended[role=follower].count': { atLeast: 100 },
    'isr-stable': 'holds',
    'acked-durable': 'holds',
  },
});
