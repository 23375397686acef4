/**
 * What consumers tell each other through the coordinator, which only carries it: subscriptions in
 * JoinGroup, assignments in SyncGroup, each behind its version as an int16 (KIP-429, KIP-792).
 */
import { bytes, data, int32, int32s, string, strings, structs } from '../schema.ts';

export const consumerProtocolSubscription = data({
  name: 'ConsumerProtocolSubscription',
  versions: '0-3',
  flexible: 'none',
  fields: {
    topics: strings('0+'),
    userData: bytes('0+', { nullable: '0+', default: null }),
    ownedPartitions: structs('1+', {
      of: 'TopicPartition',
      ignorable: true,
      fields: { topic: string('1+', { mapKey: true }), partitions: int32s('1+') },
    }),
    generationId: int32('2+', { default: -1, ignorable: true }),
    rackId: string('3+', { nullable: '3+', default: null, ignorable: true }),
  },
});

export const consumerProtocolAssignment = data({
  name: 'ConsumerProtocolAssignment',
  versions: '0-3',
  flexible: 'none',
  fields: {
    assignedPartitions: structs('0+', {
      of: 'TopicPartition',
      fields: { topic: string('0+', { mapKey: true }), partitions: int32s('0+') },
    }),
    userData: bytes('0+', { nullable: '0+', default: null }),
  },
});
