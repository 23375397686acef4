import { describe, expect, test } from 'vitest';
import { ClassicGroup } from '../../../kafka/group/classic-group.ts';
import { groupPartition } from '../../../kafka/group/group-partition.ts';
import {
  decodeGroupRecord,
  groupRecord,
  groupTombstone,
  offsetRecord,
} from '../../../kafka/group/group-records.ts';
import { GroupMember } from '../../../kafka/group/member.ts';

const hex = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');

const offset = {
  kind: 'offset',
  group: 'g',
  topic: 't',
  partition: 2,
  value: { offset: 5, leaderEpoch: 1, metadata: '', commitTimeMs: 255, expireTimeMs: -1 },
} as const;

describe('a committed offset', () => {
  test('has the bytes that Kafka writes: key version 1, value version 3', () => {
    const { key, value } = offsetRecord(offset);

    expect(hex(key)).toBe('0001' + '000167' + '000174' + '00000002');
    expect(hex(value)).toBe('0003' + '0000000000000005' + '00000001' + '0000' + '00000000000000ff');
  });

  test('with a time of expiry has value version 1, without an epoch', () => {
    const value = { ...offset.value, expireTimeMs: 511 };

    expect(hex(offsetRecord({ ...offset, value }).value)).toBe(
      '0001' + '0000000000000005' + '0000' + '00000000000000ff' + '00000000000001ff',
    );
  });

  test('comes back as it was, and so does its removal', () => {
    expect(decodeGroupRecord(offsetRecord(offset))).toEqual(offset);
    const removed = { ...offset, value: null };
    expect(decodeGroupRecord(offsetRecord(removed))).toEqual(removed);
  });
});

describe('a group', () => {
  const member = new GroupMember({
    memberId: 'm1',
    instanceId: 'i1',
    clientId: 'c1',
    clientHost: '/h',
    rebalanceTimeoutMs: 300_000,
    sessionTimeoutMs: 45_000,
    protocolType: 'consumer',
    protocols: [
      { name: 'range', metadata: Uint8Array.of(0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff) },
    ],
  });

  function stable(): ClassicGroup {
    const group = ClassicGroup.empty('g', 7);
    group.add(member, null);
    group.transitionTo('PreparingRebalance', 8);
    group.beginGeneration(9);
    return group;
  }

  test('has the bytes that Kafka writes: key version 2, value version 3', () => {
    const group = stable();
    const { key, value } = groupRecord(group, new Map([['m1', Uint8Array.of(1)]]));

    expect(hex(key)).toBe('0002' + '000167');
    expect(hex(value)).toBe(
      '0003' +
        '0008636f6e73756d6572' +
        '00000001' +
        '000572616e6765' +
        '00026d31' +
        '0000000000000009' +
        '00000001' +
        ('00026d31' + '00026931' + '00026331' + '00022f68') +
        ('000493e0' + '0000afc8') +
        ('0000000a' + '000000000000ffffffff') +
        ('00000001' + '01'),
    );
  });

  test('is loaded stable, with its members, their assignments and its generation', () => {
    const record = groupRecord(stable(), new Map([['m1', Uint8Array.of(1)]]));
    const change = decodeGroupRecord(record);

    expect(change?.kind).toBe('group');
    const group = change?.value as ClassicGroup;
    expect(group).toMatchObject({ state: 'Stable', generation: 1, leaderId: 'm1' });
    expect(group.members.get('m1')).toMatchObject({ instanceId: 'i1', sessionTimeoutMs: 45_000 });
    expect([...group.members.get('m1')!.assignment]).toEqual([1]);
    expect([...group.staticMembers]).toEqual([['i1', 'm1']]);
  });

  test('is gone with a record that has no value', () => {
    expect(decodeGroupRecord(groupTombstone('g'))).toEqual({
      kind: 'group',
      group: 'g',
      value: null,
    });
  });
});

test('records of newer group protocols are passed over', () => {
  expect(decodeGroupRecord({ key: Uint8Array.of(0, 3, 0, 1, 0x67), value: null })).toBeNull();
});

test('a group lies in the partition of the absolute value of its hash', () => {
  // "billing".hashCode() is -109829509 in Java; masking the sign would give another partition.
  let hash = 0;
  for (const c of 'billing') hash = (Math.imul(hash, 31) + c.charCodeAt(0)) | 0;
  expect(hash).toBeLessThan(0);
  expect(groupPartition('billing', 50)).toBe(-hash % 50);
  expect(groupPartition('', 50)).toBe(0);
});
