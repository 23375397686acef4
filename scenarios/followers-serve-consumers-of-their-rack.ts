import { scenario } from '../sim/scenario/builder.ts';

export default scenario({
  name: 'followers-serve-consumers-of-their-rack',
  claim: 'R4',
  story:
    'Reads go to the leader, unless brokers and a consumer say where they are (KIP-392): then the ' +
    'leader sends it to a replica nearby. What that gives is staler by a fetch, and never other ' +
    'than what the leader gives, not even when a leader dies.',
  cluster: {
    brokers: 3,
    racks: ['north', 'east', 'west'],
    config: {
      'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector',
    },
    topics: [
      {
        name: 'orders',
        partitions: 3,
        replicationFactor: 3,
        config: { 'min.insync.replicas': '2' },
      },
    ],
  },
  workload: [
    {
      producer: 'p1',
      topic: 'orders',
      recordsPerSecond: 90,
      partition: 'round-robin',
      config: { 'linger.ms': '0' },
    },
    {
      consumer: 'near',
      topic: 'orders',
      config: { 'auto.offset.reset': 'earliest', 'client.rack': 'east' },
    },
    { consumer: 'far', topic: 'orders', config: { 'auto.offset.reset': 'earliest' } },
  ],
  faults: [{ at: '12s', kill: 'broker-1', restartAfter: '15s' }],
  runFor: '40s',
  expect: {
    'events.frame.sent[node=near,to=broker-2,role=request,api=1].count': { atLeast: 300 },
    'events.frame.sent[node=near,to=broker-1,role=request,api=1].count': { atMost: 30 },
    'events.frame.sent[node=near,to=broker-3,role=request,api=1].count': { atMost: 30 },
    'events.frame.sent[node=far,to=broker-3,role=request,api=1].count': { atLeast: 300 },
    'clients.near.latencyMs.p50': { atLeast: 5 },
    'clients.far.latencyMs.p50': { atMost: 5 },
    'clients.near.duplicated': 0,
    'clients.near.reordered': 0,
    'read-stable': 'holds',
    'producer-order': 'holds',
    'acked-durable': 'holds',
  },
});
