import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'replication-factor-above-brokers-is-refused',
  claim: 'D9',
  story: 'Someone asks three brokers for a topic with four replicas. Nothing is created.',
  cluster: { brokers: 3, topics: [] },
  workload: [
    {
      admin: 'admin',
      at: '1s',
      createTopic: { name: 'orders', partitions: 1, replicationFactor: 4 },
    },
    { admin: 'admin', at: '3s', describe: ['orders'] },
  ],
  runFor: '5s',
  expect: {
    'clients.admin.errors.INVALID_REPLICATION_FACTOR': 1,
    'clients.admin.errors.UNKNOWN_TOPIC_OR_PARTITION': 1,
    'clients.admin.unanswered': 0,
    'events.leader.elected.count': 0,
  },
});
