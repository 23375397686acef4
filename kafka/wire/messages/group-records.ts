/**
 * What `__consumer_offsets` holds: committed offsets and the classic groups themselves. The
 * version of a key, its first two bytes, says which record it is: 0 and 1 an offset, 2 a group.
 */
import { bytes, data, int32, int64, string, structs } from '../schema.ts';

export const offsetCommitKey = data({
  name: 'OffsetCommitKey',
  versions: '0-1',
  flexible: 'none',
  fields: {
    group: string('0-1'),
    topic: string('0-1'),
    partition: int32('0-1'),
  },
});

export const offsetCommitValue = data({
  name: 'OffsetCommitValue',
  versions: '0-4',
  flexible: '4+',
  fields: {
    offset: int64('0+'),
    leaderEpoch: int32('3+', { default: -1, ignorable: true }),
    metadata: string('0+'),
    commitTimestamp: int64('0+'),
    expireTimestamp: int64('1', { default: -1, ignorable: true }),
  },
});

export const groupMetadataKey = data({
  name: 'GroupMetadataKey',
  versions: '2',
  flexible: 'none',
  fields: { group: string('2') },
});

export const groupMetadataValue = data({
  name: 'GroupMetadataValue',
  versions: '0-4',
  flexible: '4+',
  fields: {
    protocolType: string('0+'),
    generation: int32('0+'),
    protocol: string('0+', { nullable: '0+' }),
    leader: string('0+', { nullable: '0+' }),
    currentStateTimestamp: int64('2+', { default: -1, ignorable: true }),
    members: structs('0+', {
      of: 'MemberMetadata',
      fields: {
        memberId: string('0+'),
        groupInstanceId: string('3+', { nullable: '3+', default: null, ignorable: true }),
        clientId: string('0+'),
        clientHost: string('0+'),
        rebalanceTimeout: int32('1+', { default: -1, ignorable: true }),
        sessionTimeout: int32('0+'),
        subscription: bytes('0+'),
        assignment: bytes('0+'),
      },
    }),
  },
});
