import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'lagging-follower-leaves-and-rejoins-isr',
  claim: 'R8',
  story:
    'A follower that cannot reach its leader but still tells the controller that it lives leaves the ' +
    'ISR 30 to 45 s after it was last caught up, and rejoins once it has caught up. A frozen one is ' +
    'fenced 9 s after its last heartbeat instead; a pause of 5 s leaves the ISR alone.',
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
  faults: [
    { at: '5s', cut: ['leader:orders-0', 'follower:orders-0'], for: '55s', name: 'lag' },
    { at: '60s', heal: 'all', name: 'mend' },
    { at: '100s', pause: 'follower:orders-0', for: '20s', name: 'freeze' },
    { at: '150s', pause: 'follower:orders-0', for: '5s', name: 'hiccup' },
  ],
  runFor: '175s',
  expect: {
    'events.isr.proposed[why=shrink].afterFault.lag': { atLeast: 29_900, atMost: 45_100 },
    'events.isr.proposed[why=shrink].count': 1,
    'events.isr.proposed[why=expand].afterFault.mend': { atMost: 30_000 },
    'events.broker.fenced[why=session-timed-out].afterFault.freeze': {
      atLeast: 6_900,
      atMost: 9_100,
    },
    'events.broker.fenced.count': 1,
    'events.isr.proposed[why=expand].count': 2,
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'acked-durable': 'holds',
    'follower-progress': 'holds',
  },
});
