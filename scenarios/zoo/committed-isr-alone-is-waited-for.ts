import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'committed-isr-alone-is-waited-for',
  claim: 'Z25',
  story:
    'The controller has agreed to a larger ISR and its answer is held up. The leader goes ' +
    'on waiting for the old members only, confirms records that the new one has not, and ' +
    'dies: the new one is elected.',
  cluster: {
    brokers: 3,
    variants: { 'isr-in-flight': 'committed' },
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
    { at: '60s', heal: 'all' },
    {
      when: { event: 'isr.proposed', why: 'expand' },
      hold: ['all:controllers', 'leader:orders-0'],
      name: 'held',
    },
    {
      when: { event: 'isr.proposed', why: 'expand' },
      after: '100ms',
      cut: ['leader:orders-0', 'follower:orders-0'],
      name: 'cut-off',
    },
    {
      when: { event: 'isr.proposed', why: 'expand' },
      after: '8s',
      kill: 'leader:orders-0',
      restartAfter: '40s',
      name: 'crash',
    },
    { when: { event: 'isr.proposed', why: 'expand' }, after: '30s', heal: 'all' },
  ],
  runFor: '150s',
  expect: {
    'quorum-superset': 'violated',
    'candidate-complete': 'violated',
    'acked-durable': ['holds', 'violated'],
    'read-stable': ['holds', 'violated'],
    'offset-unique': ['holds', 'violated'],
    'hw-mono': ['holds', 'violated'],
    'leader-complete': ['holds', 'violated'],
  },
});
