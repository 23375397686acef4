import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'cut-off-controller-cannot-decide',
  claim: 'Z3, Z65',
  story:
    'The leader of the controllers is cut off from the others and still hears the brokers. An ' +
    'operator creates a topic, and the leader of a partition wants to shut down: it decides ' +
    'both, writes them, and cannot commit them, so nobody follows it. It gives up after 3 s ' +
    'without a majority and forgets them; the others elect, and the new controller decides.',
  cluster: {
    brokers: 3,
    controllers: 3,
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
    { at: '10s', cut: ['controller:leader', 'all:controllers'], for: '40s', name: 'cut-off' },
    { at: '10100ms', stop: 'leader:orders-0', restartAfter: '40s', name: 'shutdown' },
  ],
  operations: [
    {
      at: '10100ms',
      createTopic: { name: 'payments', partitions: 1, replicationFactor: 2 },
      timeout: '60s',
      name: 'create',
    },
  ],
  runFor: '80s',
  expect: {
    'one-leader-per-epoch': 'holds',
    'metadata-match': 'holds',
    'raft-leader-complete': 'holds',
    'raft-durable': 'holds',
    'events.controller.resigned.count': 1,
    'events.controller.resigned[forgotten=0].count': 0,
    'events.topic.created[topic=payments].afterFault.cut-off': { atLeast: 2000, atMost: 40000 },
    'operations.create.error': 'NONE',
    'events.quorum.state[state=resigned].afterFault.cut-off': { atLeast: 1500, atMost: 4500 },
    'events.leader.elected[how=elected].afterFault.cut-off': { atLeast: 2000, atMost: 25000 },
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
