import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'from-high-watermark-a-late-follower-joins-too-early',
  claim: 'Z24',
  story:
    'A new leader knows of less that was committed than was. A follower that comes back ' +
    'reaches that high watermark, joins the ISR, and is elected before it has the rest.',
  cluster: {
    brokers: 3,
    config: { 'replica.fetch.max.bytes': '1' },
    variants: { 'isr-join': 'from-high-watermark' },
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
      recordsPerSecond: 100,
      config: { acks: 'all', 'request.timeout.ms': '5000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'follower:orders-0'], name: 'away' },
    { at: '50s', kill: 'leader:orders-0', restartAfter: '60s', name: 'first' },
    { at: '50s', heal: 'all' },
    {
      when: { event: 'isr.proposed', why: 'expand', count: 1 },
      cut: ['leader:orders-0', 'followers:orders-0'],
      name: 'apart',
    },
    {
      when: { event: 'isr.proposed', why: 'expand', count: 1 },
      after: '300ms',
      kill: 'leader:orders-0',
      restartAfter: '30s',
      name: 'second',
    },
  ],
  runFor: '130s',
  expect: {
    'candidate-complete': 'violated',
    'acked-durable': 'violated',
    'read-stable': 'violated',
    'offset-unique': 'violated',
    'hw-mono': 'violated',
    'leader-complete': 'violated',
  },
});
