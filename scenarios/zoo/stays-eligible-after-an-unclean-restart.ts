import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'stays-eligible-after-an-unclean-restart',
  claim: 'Z29',
  story:
    'An eligible replica loses its power, and records with it, and comes back. Nobody looks ' +
    'how it had stopped: it is still eligible, and when the leader dies it is elected with ' +
    'what is left.',
  cluster: {
    brokers: 3,
    variants: { 'unclean-restart': 'stays-eligible' },
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
    { at: '20s', powerCut: 'struck:away', style: 'drop-all', restartAfter: '2s', name: 'crash' },
    { at: '30s', kill: 'leader:orders-0', name: 'death' },
    { at: '40s', heal: 'all', name: 'mend' },
    { at: '80s', start: 'struck:death', name: 'return' },
  ],
  runFor: '110s',
  expect: {
    'unclean-excluded': 'violated',
    'acked-durable': 'violated',
    'read-stable': 'violated',
    'offset-unique': 'violated',
    'hw-mono': 'violated',
    'leader-complete': 'violated',
    'candidate-complete': 'violated',
  },
});
