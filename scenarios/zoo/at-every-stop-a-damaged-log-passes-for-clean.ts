import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'at-every-stop-a-damaged-log-passes-for-clean',
  claim: 'Z31',
  story:
    'A broker dies, and a bit of its log rots. It is stopped again while it starts, before ' +
    'it has read its log, and leaves the mark of a clean stop. The next start trusts the ' +
    'mark and checks nothing.',
  cluster: {
    brokers: 3,
    variants: { 'clean-marker': 'at-every-stop' },
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
      recordsPerSecond: 50,
      valueBytes: 1000,
      config: { acks: 'all' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '20s', kill: 'follower:orders-0', name: 'crash' },
    {
      at: '30s',
      flipBit: 'struck:crash',
      file: 'orders-0/00000000000000000000.log',
      where: 'tail',
    },
    { at: '35s', start: 'struck:crash' },
    { at: '35.01s', stop: 'struck:crash' },
    { at: '45s', start: 'struck:crash' },
  ],
  runFor: '80s',
  expect: {
    'recovery-sound': 'violated',
  },
});
