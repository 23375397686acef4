import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'all-replicas-down-an-eligible-one-leads',
  claim: 'D7',
  story:
    'One replica crashes, the other two stop in order. With eligible leader replicas it is ' +
    'enough that one of these two returns: nothing was committed while it was away, and the ' +
    'controller knows it.',
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
      config: { acks: 'all', 'delivery.timeout.ms': '180000' },
    },
    { consumer: 'c1', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [
    { at: '5s', kill: 'leader:orders-0', name: 'first' },
    { at: '25s', stop: 'leader:orders-0', name: 'second' },
    { at: '45s', stop: 'leader:orders-0', name: 'third' },
    { at: '70s', start: 'struck:first', name: 'crashed-returns' },
    { at: '90s', start: 'struck:second', name: 'eligible-returns' },
    { at: '120s', start: 'struck:third' },
  ],
  runFor: '150s',
  expect: {
    'events.leader.started.afterFault.crashed-returns': { atLeast: 20000 },
    'events.leader.elected[how=elr].afterFault.eligible-returns': { atMost: 15000 },
    'clients.p1.failed': 0,
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
