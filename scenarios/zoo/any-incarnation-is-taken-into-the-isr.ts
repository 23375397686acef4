import { scenario } from '../../sim/scenario/builder.ts';

export default scenario({
  name: 'any-incarnation-is-taken-into-the-isr',
  claim: 'Z27',
  story:
    'The leader asks for a follower that has caught up, and the request is held up. ' +
    'Meanwhile the follower loses its power and all that it had not flushed, and registers ' +
    'anew. The late request brings it into the ISR, and it is elected.',
  cluster: {
    brokers: 2,
    variants: { 'isr-incarnation': 'any' },
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
      recordsPerSecond: 100,
      config: { acks: 'all', 'request.timeout.ms': '5000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'follower:orders-0'], name: 'away' },
    { at: '60s', heal: 'all' },
    {
      at: '60s',
      hold: ['leader:orders-0', 'all:controllers'],
      api: 'AlterPartition',
      direction: 'request',
      name: 'held',
    },
    {
      when: { event: 'isr.proposed', why: 'expand' },
      after: '300ms',
      cut: ['leader:orders-0', 'follower:orders-0'],
      name: 'apart',
    },
    {
      when: { event: 'isr.proposed', why: 'expand' },
      after: '300ms',
      powerCut: 'follower:orders-0',
      style: 'drop-all',
      restartAfter: '1s',
      name: 'dark',
    },
    { when: { event: 'isr.proposed', why: 'expand' }, after: '15s', release: 'held' },
    {
      when: { event: 'isr.proposed', why: 'expand' },
      after: '15.5s',
      kill: 'leader:orders-0',
      restartAfter: '25s',
    },
    { when: { event: 'isr.proposed', why: 'expand' }, after: '35s', heal: 'all' },
  ],
  runFor: '130s',
  expect: {
    'acked-durable': 'violated',
    'read-stable': 'violated',
    'offset-unique': 'violated',
    'hw-mono': 'violated',
    'leader-complete': 'violated',
    'candidate-complete': 'violated',
  },
});
