import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'oversize-record-is-refused-by-the-producer',
  claim: 'P6',
  story:
    'Records of 2 MB are larger than max.request.size. The producer refuses them itself; ' +
    'no broker hears of them.',
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
    { producer: 'p1', topic: 'orders', recordsPerSecond: 2, count: 5, valueBytes: 2000000 },
  ],
  runFor: '5s',
  expect: {
    'clients.p1.failed': 5,
    'clients.p1.errors.RecordTooLargeException': 5,
    'events.frame.sent[node=p1,role=request,api=0].count': 0,
    'events.log.appended[role=leader,partition=orders-0].count': 0,
  },
});
