import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'truncation-to-high-watermark-diverges',
  claim: 'Z10',
  story:
    'Both replicas lose their power. The one that leads again has lost its tail and writes ' +
    'other records there; the other has kept its own, cuts nothing above its high watermark ' +
    'and reads on behind them. Nobody notices that the logs differ.',
  cluster: {
    brokers: 2,
    config: { 'feature.eligible.leader.replicas.version': '0' },
    variants: { truncation: 'to-high-watermark' },
    topics: [
      {
        name: 'orders',
        partitions: 1,
        replicationFactor: 2,
        config: { 'min.insync.replicas': '1' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 20,
      config: { acks: 'all', 'batch.size': '0' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '20s', powerCut: 'follower:orders-0', style: 'keep-all', name: 'kept' },
    {
      when: { event: 'broker.fenced' },
      powerCut: 'leader:orders-0',
      style: 'drop-all',
      name: 'dropped',
    },
    { at: '40s', start: 'struck:dropped' },
    { at: '75s', start: 'struck:kept' },
  ],
  runFor: '110s',
  expect: {
    'log-match': 'violated',
    'strong-isr': 'violated',
  },
});
