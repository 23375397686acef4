import { expect, test } from 'vitest';
import { ZERO_UUID } from '../../../kafka/base/uuid.ts';
import { TODAY } from '../../../kafka/protocol/rules.ts';
import { LeaderState } from '../../../kafka/raft/leader-state.ts';
import { parseVoters, type VoterSet } from '../../../kafka/raft/voter-set.ts';

function votersOf(ids: number[]): VoterSet {
  return parseVoters(
    ids.map((id) => `${id}@controller-${id}:9093`),
    'CONTROLLER',
  );
}

function leaderOf(voters: number[], epochStartOffset: number): LeaderState {
  return new LeaderState({
    rule: TODAY.raftCommit,
    epoch: 3,
    local: { id: 1, directoryId: ZERO_UUID },
    epochStartOffset,
    voters: votersOf(voters),
  });
}

function fetched(leader: LeaderState, id: number, offset: number): boolean {
  const replica = leader.replica({ id, directoryId: ZERO_UUID });
  return leader.fetchedAt(replica, { offset, logEndOffset: 100, wallMs: 0, nowMs: 0 });
}

test('a single voter commits what it has flushed', () => {
  const leader = leaderOf([1], 5);

  expect(leader.flushedTo(6)).toBe(true);
  expect(leader.highWatermark).toBe(6);
});

test('nothing is committed until the LeaderChange record itself is (KAFKA-12619)', () => {
  const leader = leaderOf([1, 2, 3], 5);
  leader.flushedTo(6);

  expect(fetched(leader, 2, 5)).toBe(false);
  expect(leader.highWatermark).toBe(-1);
  expect(fetched(leader, 2, 6)).toBe(true);
  expect(leader.highWatermark).toBe(6);
});

test('the high watermark is what a majority has, and never falls', () => {
  const leader = leaderOf([1, 2, 3, 4, 5], 0);
  leader.flushedTo(20);
  fetched(leader, 2, 12);
  fetched(leader, 3, 9);
  expect(leader.highWatermark).toBe(9);

  fetched(leader, 3, 4);
  expect(leader.highWatermark).toBe(9);
  fetched(leader, 4, 15);
  expect(leader.highWatermark).toBe(12);
});

test('observers do not count', () => {
  const leader = leaderOf([1, 2, 3], 0);
  leader.flushedTo(10);

  fetched(leader, 7, 10);
  fetched(leader, 8, 10);

  expect(leader.highWatermark).toBe(-1);
  expect(leader.activeObservers(0).map((one) => one.id)).toEqual([7, 8]);
});
