import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'oversize-record-is-refused-by-the-broker',
  claim: 'P6',
  story:
    'The producer may send 3 MB, but the topic takes batches of a megabyte. The broker ' +
    'refuses the batch before it writes anything, and a batch of one record cannot be ' +
    'split.',
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
      recordsPerSecond: 2,
      count: 5,
      valueBytes: 2000000,
      config: { 'max.request.size': '3000000' },
    },
  ],
  runFor: '5s',
  expect: {
    'clients.p1.failed': 5,
    'clients.p1.errors.MESSAGE_TOO_LARGE': 5,
    'events.produce.refused[error=MESSAGE_TOO_LARGE].count': 5,
    'events.log.appended[role=leader,partition=orders-0].count': 0,
  },
});
