import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'nothing-commits-below-min-isr',
  claim: 'Z28',
  story:
    'Both followers die. acks=1 is still answered by the leader alone, but nothing counts as ' +
    'committed below min.insync.replicas: no consumer is given it. So nobody notices when the ' +
    'leader loses its power and those records are gone.',
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 100, config: { acks: '1' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', isolate: 'followers:orders-0', name: 'away' },
    {
      at: '30s',
      powerCut: 'leader:orders-0',
      style: 'drop-all',
      restartAfter: '5s',
      name: 'crash',
    },
    { at: '60s', heal: 'all' },
  ],
  runFor: '90s',
  expect: {
    'clients.p1.acknowledgedLost': { atLeast: 1 },
    'acked-durable': 'allowed',
    'read-stable': 'holds',
    'hw-mono': 'holds',
    'offset-bounds': 'holds',
    'candidate-complete': 'holds',
    'unclean-excluded': 'holds',
    'follower-progress': 'holds',
  },
});
