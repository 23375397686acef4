import { beforeEach, describe, expect, test } from 'vitest';
import { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { deleteGroupsRequest } from '../../../kafka/wire/generated/delete-groups-request.ts';
import { describeGroupsRequest } from '../../../kafka/wire/generated/describe-groups-request.ts';
import { findCoordinatorRequest } from '../../../kafka/wire/generated/find-coordinator-request.ts';
import { heartbeatRequest } from '../../../kafka/wire/generated/heartbeat-request.ts';
import {
  joinGroupRequest,
  joinGroupRequestProtocol,
} from '../../../kafka/wire/generated/join-group-request.ts';
import {
  leaveGroupRequest,
  memberIdentity,
} from '../../../kafka/wire/generated/leave-group-request.ts';
import { listGroupsRequest } from '../../../kafka/wire/generated/list-groups-request.ts';
import {
  offsetCommitRequest,
  offsetCommitRequestPartition,
  offsetCommitRequestTopic,
} from '../../../kafka/wire/generated/offset-commit-request.ts';
import {
  offsetDeleteRequest,
  offsetDeleteRequestPartition,
  offsetDeleteRequestTopic,
} from '../../../kafka/wire/generated/offset-delete-request.ts';
import {
  offsetFetchRequest,
  offsetFetchRequestGroup,
  offsetFetchRequestTopic,
  offsetFetchRequestTopics,
} from '../../../kafka/wire/generated/offset-fetch-request.ts';
import {
  syncGroupRequest,
  syncGroupRequestAssignment,
} from '../../../kafka/wire/generated/sync-group-request.ts';
import { GROUP_TOPIC, GroupLab } from './group-lab.ts';

let lab: GroupLab;
let coordinator: number;

function start(config: Record<string, string> = {}): void {
  lab = new GroupLab({ config });
  lab.createTopic('orders', { partitions: 2, replicas: 2 });
  const ask = findCoordinatorRequest({ coordinatorKeys: ['g'] });
  lab.until(() => {
    const [found] = lab.ask(1, apis.FindCoordinator, ask).coordinators;
    coordinator = found?.nodeId ?? -1;
    return found?.errorCode === ErrorCode.NONE;
  });
  lab.until(() => lab.told('coordinator.changed').length > 0);
}

const METADATA = Uint8Array.of(0, 0, 0, 0, 0, 0, 255, 255, 255, 255);

function joinBody(more: Partial<ReturnType<typeof joinGroupRequest>> = {}) {
  const protocols = [joinGroupRequestProtocol({ name: 'range', metadata: METADATA })];
  const timeouts = { sessionTimeoutMs: 6_000, rebalanceTimeoutMs: 10_000 };
  return joinGroupRequest({
    groupId: 'g',
    protocolType: 'consumer',
    protocols,
    ...timeouts,
    ...more,
  });
}

/** As a dynamic member, in the two steps of version 4 and later. */
function join(more: Partial<ReturnType<typeof joinGroupRequest>> = {}) {
  const first = lab.ask(coordinator, apis.JoinGroup, joinBody(more));
  if (first.errorCode !== ErrorCode.MEMBER_ID_REQUIRED) return first;
  return lab.ask(coordinator, apis.JoinGroup, joinBody({ ...more, memberId: first.memberId }));
}

function sync(memberId: string, generationId: number, groupInstanceId: string | null = null) {
  const assignments = [syncGroupRequestAssignment({ memberId, assignment: Uint8Array.of(7) })];
  const protocol = { protocolType: 'consumer', protocolName: 'range' };
  const who = { groupId: 'g', memberId, generationId, groupInstanceId };
  return lab.ask(
    coordinator,
    apis.SyncGroup,
    syncGroupRequest({ ...who, ...protocol, assignments }),
  );
}

function beat(memberId: string, generationId: number, groupInstanceId: string | null = null) {
  const who = { groupId: 'g', memberId, generationId, groupInstanceId };
  return lab.ask(coordinator, apis.Heartbeat, heartbeatRequest(who)).errorCode;
}

function commit(offset: number, who: { memberId?: string; generation?: number } = {}, more = {}) {
  const partition = offsetCommitRequestPartition({ committedOffset: offset, ...more });
  const request = offsetCommitRequest({
    groupId: 'g',
    memberId: who.memberId ?? '',
    generationIdOrMemberEpoch: who.generation ?? -1,
    topics: [offsetCommitRequestTopic({ name: 'orders', partitions: [partition] })],
  });
  const answer = lab.ask(coordinator, apis.OffsetCommit, request);
  return answer.topics[0]?.partitions[0]?.errorCode;
}

function committed(broker = coordinator): number | string {
  const topics = [offsetFetchRequestTopics({ name: 'orders', partitionIndexes: [0] })];
  const groups = [offsetFetchRequestGroup({ groupId: 'g', topics })];
  const request = offsetFetchRequest({ groups, requireStable: true });
  const [group] = lab.ask(broker, apis.OffsetFetch, request).groups;
  if (group?.errorCode !== ErrorCode.NONE) return `error ${group?.errorCode}`;
  return group.topics[0]?.partitions[0]?.committedOffset ?? 'nothing';
}

beforeEach(() => start());

describe('joining', () => {
  test('a new member is given an id and must come again with it, from version 4 on', () => {
    const first = lab.ask(coordinator, apis.JoinGroup, joinBody());

    expect(first.errorCode).toBe(ErrorCode.MEMBER_ID_REQUIRED);
    expect(first.memberId).toMatch(/^raw-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-/);
    const second = lab.ask(coordinator, apis.JoinGroup, joinBody({ memberId: first.memberId }));
    expect(second).toMatchObject({ errorCode: 0, generationId: 1, leader: first.memberId });
    expect(second.members.map((one) => one.memberId)).toEqual([first.memberId]);
  });

  test('before version 4 it is in the group at once, and names no protocol in an error', () => {
    expect(lab.ask(coordinator, apis.JoinGroup, joinBody(), 3)).toMatchObject({
      errorCode: 0,
      generationId: 1,
    });
    const refused = lab.ask(coordinator, apis.JoinGroup, joinBody({ groupId: '' }), 3);
    expect(refused).toMatchObject({ errorCode: ErrorCode.INVALID_GROUP_ID, protocolName: '' });
  });

  test.each([
    [{ sessionTimeoutMs: 5_999 }, ErrorCode.INVALID_SESSION_TIMEOUT],
    [{ memberId: 'nobody' }, ErrorCode.UNKNOWN_MEMBER_ID],
    [{ groupId: '' }, ErrorCode.INVALID_GROUP_ID],
    [{ protocols: [] }, ErrorCode.INCONSISTENT_GROUP_PROTOCOL],
  ])('%o is refused', (more, error) => {
    expect(lab.ask(coordinator, apis.JoinGroup, joinBody(more)).errorCode).toBe(error);
  });

  test('who has no protocol in common with the others is refused', () => {
    join();
    const protocols = [joinGroupRequestProtocol({ name: 'sticky', metadata: METADATA })];

    expect(join({ protocols }).errorCode).toBe(ErrorCode.INCONSISTENT_GROUP_PROTOCOL);
  });

  test('a group that is full takes nobody', () => {
    start({ 'group.max.size': '1' });
    const only = join();
    sync(only.memberId, 1);

    expect(join().errorCode).toBe(ErrorCode.GROUP_MAX_SIZE_REACHED);
  });
});

describe('a generation', () => {
  test('becomes stable when its assignment is stored, and everybody gets their part', () => {
    const { memberId } = join();

    expect(sync(memberId, 1)).toMatchObject({ errorCode: 0, protocolName: 'range' });
    expect([...sync(memberId, 1).assignment]).toEqual([7]);
    expect(beat(memberId, 1)).toBe(ErrorCode.NONE);
    expect(beat(memberId, 2)).toBe(ErrorCode.ILLEGAL_GENERATION);
    expect(beat('nobody', 1)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });

  test('ends when another member joins: heartbeats say so until all have joined anew', () => {
    const first = join();
    sync(first.memberId, 1);
    const id = lab.ask(coordinator, apis.JoinGroup, joinBody()).memberId;
    const second = lab.call(coordinator, apis.JoinGroup, joinBody({ memberId: id }));
    lab.advance(50);

    expect(second.reply).toBeNull();
    expect(lab.told('group.changed').at(-1)?.slice(3, 6)).toEqual(['g', 'PreparingRebalance', 1]);
  });

  test('a member that is not heard from for its session time-out is removed', () => {
    const { memberId } = join();
    sync(memberId, 1);
    lab.advance(6_100);

    expect(beat(memberId, 1)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
    expect(lab.told('group.left').at(-1)?.slice(3)).toEqual([
      ...['g', 1, memberId, 'raw', 'session timed out'],
    ]);
  });

  test('a member that leaves is out at once; up to version 2 the answer has no list', () => {
    const first = join();
    const gone = { groupId: 'g', memberId: first.memberId };
    const answer = lab.ask(coordinator, apis.LeaveGroup, leaveGroupRequest(gone), 2);
    expect(answer).toMatchObject({ errorCode: 0, members: [] });
    const again = lab.ask(coordinator, apis.LeaveGroup, leaveGroupRequest(gone), 2);
    expect(again.errorCode).toBe(ErrorCode.UNKNOWN_MEMBER_ID);

    const members = [memberIdentity({ memberId: first.memberId })];
    const listed = lab.ask(
      coordinator,
      apis.LeaveGroup,
      leaveGroupRequest({ groupId: 'g', members }),
    );
    expect(listed.errorCode).toBe(ErrorCode.NONE);
    expect(listed.members[0]?.errorCode).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
  });
});

describe('a static member', () => {
  test('comes back under another id without a round, and its former self is fenced', () => {
    const first = join({ groupInstanceId: 'i1' });
    sync(first.memberId, 1, 'i1');
    const back = join({ groupInstanceId: 'i1' });

    expect(back).toMatchObject({ errorCode: 0, generationId: 1, skipAssignment: true });
    expect(back.memberId).not.toBe(first.memberId);
    expect(beat(first.memberId, 1, 'i1')).toBe(ErrorCode.FENCED_INSTANCE_ID);
    expect(beat(back.memberId, 1, 'i1')).toBe(ErrorCode.NONE);
    expect([...sync(back.memberId, 1, 'i1').assignment]).toEqual([7]);
  });
});

describe('offsets', () => {
  test('of nobody are -1 without an error', () => {
    expect(committed()).toBe(-1);
    const topics = [offsetFetchRequestTopic({ name: 'orders', partitionIndexes: [0] })];
    const old = lab.ask(
      coordinator,
      apis.OffsetFetch,
      offsetFetchRequest({ groupId: 'g', topics }),
      1,
    );
    expect(old.topics[0]?.partitions[0]).toMatchObject({
      committedOffset: -1,
      errorCode: 0,
      metadata: '',
    });
  });

  test('of a consumer outside of any group are taken while nobody is in it', () => {
    expect(commit(41)).toBe(ErrorCode.NONE);
    expect(committed()).toBe(41);
    const { memberId } = join();
    expect(commit(42)).toBe(ErrorCode.UNKNOWN_MEMBER_ID);
    expect(commit(42, { memberId, generation: 1 })).toBe(ErrorCode.REBALANCE_IN_PROGRESS);
    sync(memberId, 1);
    expect(commit(42, { memberId, generation: 2 })).toBe(ErrorCode.ILLEGAL_GENERATION);
    expect(commit(42, { memberId, generation: 1 })).toBe(ErrorCode.NONE);
    expect(committed()).toBe(42);
  });

  test('with too long a text are refused, and of a partition that does not exist', () => {
    const committedMetadata = 'x'.repeat(4097);
    expect(commit(1, {}, { committedMetadata })).toBe(ErrorCode.OFFSET_METADATA_TOO_LARGE);
    expect(commit(1, {}, { partitionIndex: 9 })).toBe(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION);
  });

  test('survive the coordinator, with the group and its generation', () => {
    const { memberId } = join();
    sync(memberId, 1);
    expect(commit(42, { memberId, generation: 1 })).toBe(ErrorCode.NONE);
    const before = coordinator;
    lab.world.kill(`broker-${before}`);
    coordinator = 3 - before;
    lab.until(() => lab.leaderOf(`${GROUP_TOPIC}-0`) === coordinator);
    lab.until(() => {
      const last = lab.told('coordinator.changed').at(-1);
      return last?.[1] === `broker-${coordinator}` && last[5] === 'active';
    });

    expect(committed()).toBe(42);
    expect(beat(memberId, 1)).toBe(ErrorCode.NONE);
    expect(commit(43, { memberId, generation: 1 })).toBe(ErrorCode.NONE);
  });

  test('are not known to a broker that does not coordinate the group', () => {
    expect(committed(3 - coordinator)).toBe(`error ${ErrorCode.NOT_COORDINATOR}`);
  });

  test('expire when their group has been empty for offsets.retention.minutes', () => {
    start({ 'offsets.retention.minutes': '1', 'offsets.retention.check.interval.ms': '10000' });
    commit(41);
    lab.advance(45_000);
    expect(committed()).toBe(41);
    lab.advance(30_000);
    expect(committed()).toBe(-1);
    expect(lab.told('group.changed').at(-1)?.slice(3, 5)).toEqual(['g', 'Dead']);
  });

  test('of a deleted topic go with it', () => {
    commit(41);
    lab.ask(
      1,
      apis.DeleteTopics,
      {
        topics: [],
        topicNames: ['orders'],
        timeoutMs: 10_000,
      },
      5,
    );
    lab.until(() => lab.told('offset.removed').length > 0);
    expect(committed()).toBe(-1);
  });
});

describe('operators', () => {
  test('list and describe groups; one that is not there is Dead', () => {
    const { memberId } = join();
    sync(memberId, 1);
    const listed = lab.ask(coordinator, apis.ListGroups, listGroupsRequest());
    expect(listed.groups).toEqual([
      { groupId: 'g', protocolType: 'consumer', groupState: 'Stable', groupType: 'classic' },
    ]);
    const empty = listGroupsRequest({ statesFilter: ['empty'] });
    expect(lab.ask(coordinator, apis.ListGroups, empty).groups).toEqual([]);
    const ask = describeGroupsRequest({ groups: ['g'] });
    expect(lab.ask(coordinator, apis.DescribeGroups, ask).groups[0]).toMatchObject({
      groupState: 'Stable',
      protocolData: 'range',
      members: [{ memberId, clientId: 'raw', memberAssignment: Uint8Array.of(7) }],
    });
    const other = describeGroupsRequest({ groups: ['nobodys'] });
    const described = lab.ask(coordinator, apis.DescribeGroups, other).groups[0];
    if (described?.errorCode === ErrorCode.NONE) expect(described.groupState).toBe('Dead');
    else expect(described?.errorCode).toBe(ErrorCode.NOT_COORDINATOR);
  });

  test('delete groups that nobody is in, with their offsets', () => {
    const ask = deleteGroupsRequest({ groupsNames: ['g'] });
    const remove = () => lab.ask(coordinator, apis.DeleteGroups, ask).results[0]?.errorCode;
    expect(remove()).toBe(ErrorCode.GROUP_ID_NOT_FOUND);
    commit(41);
    expect(remove()).toBe(ErrorCode.NONE);
    expect(committed()).toBe(-1);
    join();
    expect(remove()).toBe(ErrorCode.NON_EMPTY_GROUP);
  });

  test('delete offsets of topics that nobody subscribes to', () => {
    commit(41);
    const partitions = [offsetDeleteRequestPartition({ partitionIndex: 0 })];
    const topics = [offsetDeleteRequestTopic({ name: 'orders', partitions })];
    const ask = offsetDeleteRequest({ groupId: 'g', topics });

    const answer = lab.ask(coordinator, apis.OffsetDelete, ask);
    expect(answer.topics[0]?.partitions[0]?.errorCode).toBe(ErrorCode.NONE);
    expect(committed()).toBe(-1);
  });
});
