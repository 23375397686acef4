import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'stop-during-recovery-does-not-mark-a-clean-stop',
  claim: 'Z31',
  story:
    'A broker that lost its power is stopped again while it reads its damaged log. It must ' +
    'not leave the mark of a clean stop: the next start has to recover the log.',
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
    { at: '10s', powerCut: 'follower:orders-0', name: 'crash' },
    { at: '25s', start: 'struck:crash' },
    { at: '25s', stop: 'struck:crash' },
    { at: '40s', start: 'struck:crash' },
    { at: '40.05s', stop: 'struck:crash' },
    { at: '60s', start: 'struck:crash' },
  ],
  runFor: '100s',
  expect: {
    'counts.acknowledgedLost': 0,
    'counts.duplicated': 0,
    'counts.reordered': 0,
    'acked-durable': 'holds',
    'no-dup': 'holds',
    'read-stable': 'holds',
    'log-match': 'holds',
    'leader-complete': 'holds',
    'candidate-complete': 'holds',
    'unclean-excluded': 'holds',
    'isr-live': 'holds',
    'leader-live': 'holds',
    'produce-progress': 'holds',
    'follower-progress': 'holds',
    'consume-progress': 'holds',
    'metadata-progress': 'holds',
  },
});
