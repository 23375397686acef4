import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'added-in-sync-ends-a-reassignment-early',
  claim: 'Z36',
  story:
    'A partition gets a new replica in place of one, and the replica that stays besides the ' +
    'leader cannot reach it. The move is done as soon as the new one is in sync: fewer are ' +
    'left than were promised.',
  cluster: {
    brokers: 4,
    variants: { 'reassignment-end': 'added-in-sync' },
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '1' },
      },
    ],
  },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 50, config: { acks: 'all' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '5s', isolate: 'broker-2', for: '50s', name: 'away' }],
  operations: [
    { at: '1s', reassign: 'orders-0', replicas: [1, 2, 3], name: 'place' },
    { at: '25s', reassign: 'orders-0', replicas: [1, 2, 4], name: 'move' },
  ],
  runFor: '80s',
  expect: {
    'reassign-safe': 'violated',
  },
});
