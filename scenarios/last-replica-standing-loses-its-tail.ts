import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'last-replica-standing-loses-its-tail',
  claim: 'D10, Z05',
  story:
    'The followers are cut off and leave the ISR; from then on nothing more is confirmed. The ' +
    'leader alone is left, loses its power and comes back with a shorter log. It is the last ' +
    'of the ISR, so it leads on, and the followers cut what only they still had.',
  cluster: {
    brokers: 3,
    config: { 'feature.eligible.leader.replicas.version': '0' },
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
    { at: '5s', isolate: 'followers:orders-0', name: 'away' },
    {
      at: '20s',
      powerCut: 'leader:orders-0',
      style: 'drop-all',
      restartAfter: '5s',
      name: 'crash',
    },
    { at: '60s', heal: 'all', name: 'mend' },
  ],
  runFor: '90s',
  expect: {
    'events.leader.started.afterFault.crash': { atMost: 39000 },
    'counts.acknowledgedLost': { atLeast: 1 },
    'cap.away.meanwhile.acknowledged': 0,
    'cap.away.earlier.acknowledgedLost': { atLeast: 1 },
    'cap.away.earlier.lostUnsure': { atLeast: 1 },
    'cap.away.clients.c1.earlierTakenBack': { atLeast: 1 },
    'acked-durable': 'allowed',
    'unclean-excluded': 'allowed',
    'candidate-complete': 'allowed',
    'leader-complete': 'allowed',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
  },
});
