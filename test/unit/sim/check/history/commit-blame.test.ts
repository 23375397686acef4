/** Which record of the offsets topic is asked for when what a group had committed is gone. */
import { expect, test } from 'vitest';
import type { Blame } from '../../../../../sim/check/blame.ts';
import type { CommittedWatch } from '../../../../../sim/check/group-witness.ts';
import { blameOfCommit } from '../../../../../sim/check/history/commit-blame.ts';
import type { LostBatch } from '../../../../../sim/check/replica-log.ts';
import type { Witness } from '../../../../../sim/check/witness.ts';

const LOG = '__consumer_offsets-0';

/** The group committed offset 7 twice: as record 4, and again as record 9. */
const watch: CommittedWatch = {
  group: 'group1',
  partition: 'orders-0',
  commits: [],
  told: [],
  replicated: [
    { event: 20, offset: 7, log: LOG, recordOffset: 4 },
    { event: 80, offset: 7, log: LOG, recordOffset: 9 },
  ],
  removed: [],
};
const first = { offset: 7, sentAt: 10, answeredAt: 30 };
const second = { offset: 7, sentAt: 70, answeredAt: 90 };

/** The record at that offset is lost, and a lost disk permits it. */
function losing(recordOffset: number): Witness {
  const blame: Blame = {
    allowedBy: 'a lost disk',
    at: 40,
    decidedAt: 40,
    evidence: [40],
    explanation: 'gone',
  };
  const blamer = {
    lostBatchAt: (_log: string, offset: number): Partial<LostBatch> | null =>
      offset === recordOffset ? { event: 40 } : null,
    blame: () => blame,
    beyondPromise: () => null,
  };
  return { blamer, history: { groups: [] } } as unknown as Witness;
}

test('a commit is gone for the loss of its own record, not of a later one of the same offset', () => {
  expect(blameOfCommit(losing(4), watch, first).allowedBy).toBe('a lost disk');
  expect(blameOfCommit(losing(9), watch, second).allowedBy).toBe('a lost disk');
});

test('the loss of another record of the same offset permits nothing', () => {
  expect(blameOfCommit(losing(9), watch, first).allowedBy).toBeNull();
  expect(blameOfCommit(losing(4), watch, second).allowedBy).toBeNull();
});

test('a commit that was confirmed before anybody told that it is replicated has the next record', () => {
  expect(blameOfCommit(losing(4), watch, { ...first, answeredAt: 15 }).allowedBy).toBe(
    'a lost disk',
  );
});
