import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'acks-1-switches-idempotence-off',
  claim: 'O5',
  story:
    'acks=1 was thought to be enough for exactly once. It switches idempotence off ' +
    'without a word: the producer never asks for an id, a lost answer writes records ' +
    'twice, and a failover loses others.',
  cluster: { brokers: 3, topics: [{ name: 'orders', partitions: 1, replicationFactor: 3 }] },
  workload: [
    { producer: 'p1', topic: 'orders', recordsPerSecond: 200, config: { acks: '1' } },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '2s', cut: ['leader:orders-0', 'client:p1'], oneWay: true, name: 'answers-lost' },
    { at: '3s', reset: ['leader:orders-0', 'client:p1'] },
    { at: '3s', heal: 'all' },
    { at: '6s', cut: ['leader:orders-0', 'followers:orders-0'] },
    { at: '8s', powerCut: 'leader:orders-0', restartAfter: '20s' },
    { at: '8s', heal: 'all' },
  ],
  runFor: '40s',
  expect: {
    'events.frame.sent[node=p1,role=request,api=22].count': 0,
    'counts.duplicated': { atLeast: 1 },
    'counts.acknowledgedLost': { atLeast: 1 },
    'no-dup': 'allowed',
    'acked-durable': 'allowed',
    'log-match': 'holds',
  },
});
