import { expect, test } from 'vitest';
import { FollowerState, NEVER_MS } from '../../../kafka/replication/follower-state.ts';

const LAG_MS = 30_000;

test('a follower that always fetches one step behind the end stays caught up', () => {
  const follower = new FollowerState(2);
  for (let step = 1; step <= 100; step++) {
    // Each fetch reaches what was the end at the fetch before, never the end of now.
    follower.recordFetch((step - 1) * 10, 0, step * 1000, step * 10, 5);
  }

  expect(follower.lastCaughtUpMs).toBe(99_000);
  expect(follower.isCaughtUp(1000, 100_000, LAG_MS)).toBe(true);
});

test('a follower that falls behind counts as caught up until the lag limit has passed', () => {
  const follower = new FollowerState(2);
  follower.recordFetch(10, 0, 1000, 10, 5);
  follower.recordFetch(10, 0, 2000, 50, 5);

  // At 1000 it had all; at 2000 it reached what was the end at 1000.
  expect(follower.lastCaughtUpMs).toBe(1000);
  expect(follower.isCaughtUp(50, 31_000, LAG_MS)).toBe(true);
  expect(follower.isCaughtUp(50, 31_001, LAG_MS)).toBe(false);
});

test('a follower at the end of an idle log is caught up however long ago it fetched', () => {
  const follower = new FollowerState(2);
  follower.recordFetch(10, 0, 1000, 10, 5);

  expect(follower.isCaughtUp(10, 1_000_000_000, LAG_MS)).toBe(true);
});

test('a new leader knows nothing of where its followers are', () => {
  const follower = new FollowerState(2);
  follower.recordFetch(10, 3, 1000, 10, 5);

  follower.reset(2000, 20, true, true);

  expect(follower.logEndOffset).toBe(-1);
  expect(follower.lastCaughtUpMs).toBe(2000);
});

test('a leader elected again forgets when followers outside the ISR fetched, not where they are', () => {
  const follower = new FollowerState(2);
  follower.recordFetch(10, 3, 1000, 10, 5);

  follower.reset(2000, 10, false, false);

  expect(follower.logEndOffset).toBe(10);
  expect(follower.lastFetchMs).toBe(NEVER_MS);
  follower.recordFetch(10, 3, 3000, 12, 5);
  expect(follower.lastCaughtUpMs).toBe(NEVER_MS);
});
