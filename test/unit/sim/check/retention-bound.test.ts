/** Whose record a replica gives up when several have stood at one offset, and who hides whom. */
import { expect, test } from 'vitest';
import { ClientHistory, Outcome } from '../../../../sim/check/history/history.ts';
import { RetentionIsBounded } from '../../../../sim/check/invariants/retention-bound.ts';
import type { Judged } from '../../../../sim/check/verdict.ts';
import { bareWitness } from '../../../support/bare-witness.ts';
import { batchOf } from '../../../support/log-lab.ts';

const PARTITION = 'orders-0';
/** The record is sent at event 20, answered at 30 and 1 s old at each deletion. */
const SENT = 20;
const ANSWERED = 30;
const AGE_US = 1_000_000;

interface Held {
  readonly node: string;
  readonly epoch: number;
  /** The newest event before the record was written. */
  readonly writtenAt: number;
}
interface Deleted {
  readonly node: string;
  readonly event: number;
  /** The latest offset that any log began at before; default: 0. */
  readonly latestBefore?: number;
  readonly why?: string;
}

/** Everybody holds one record, at offset 0, and gives up offset 0. */
function judged(course: { held: readonly Held[]; deleted: readonly Deleted[] }): Judged {
  const history = new ClientHistory();
  const sends = history.addProducer({ name: 'p1', topic: 'orders', acks: 1, idempotent: false });
  sends.invoked(SENT, 0);
  sends.answered(0, { event: ANSWERED, timeUs: 1_000 }, Outcome.ok);
  sends.landed(0, 0, 0);
  const witness = bareWitness(history, {
    retention: { retentionMs: 5_000, limitBytes: -1, appendTime: false },
    producerIdExpirationMs: 500,
  });
  for (const { node, epoch, writtenAt: event } of course.held) {
    const bytes = batchOf(1, { baseOffset: 0, leaderEpoch: epoch, fill: epoch + 1 });
    witness.logs.of(node, PARTITION).append({ segment: 0 }, { position: 0, bytes, event });
  }
  const check = new RetentionIsBounded(witness);
  for (const { latestBefore = 0, why = 'retention.ms', ...one } of course.deleted) {
    const range = { partition: PARTITION, fromOffset: 0, offset: 1 };
    check.logBegan({ ...one, ...range, timeUs: AGE_US, latestBefore, why });
  }
  return check.verdict();
}

const former = { node: 'broker-3', epoch: 0, writtenAt: 10 };
const present = { node: 'broker-1', epoch: 4, writtenAt: 25 };
const formerGoes = { node: 'broker-3', event: 40 };

test('who deletes what a former leader wrote has not deleted the record at its offset', () => {
  expect(judged({ held: [former, present], deleted: [formerGoes] }).verdict).toBe('holds');
});

test('it hides nobody who deletes the record itself too early', () => {
  const deleted = [formerGoes, { node: 'broker-1', event: 50, latestBefore: 1 }];
  const { verdict, at } = judged({ held: [former, present], deleted });

  expect({ verdict, at }).toEqual({ verdict: 'violated', at: 50 });
});

test('a follower that deletes its copy of the record too early is found', () => {
  const copy = { ...present, node: 'broker-2', writtenAt: 26 };
  const { verdict } = judged({ held: [present, copy], deleted: [{ node: 'broker-2', event: 40 }] });

  expect(verdict).toBe('violated');
});

test('a replica that got the record after its answer deletes it all the same', () => {
  const copy = { ...present, node: 'broker-2', writtenAt: 35 };
  const { verdict } = judged({ held: [present, copy], deleted: [{ node: 'broker-2', event: 40 }] });

  expect(verdict).toBe('violated');
});

test('what was written after the answer is another record', () => {
  const later = { node: 'broker-2', epoch: 5, writtenAt: 35 };
  const { verdict } = judged({ held: [later], deleted: [{ node: 'broker-2', event: 40 }] });

  expect(verdict).toBe('holds');
});

test('nobody’s log begins behind a record that no other has given up, held or not', () => {
  const { verdict } = judged({ held: [present], deleted: [{ node: 'broker-2', event: 40 }] });

  expect(verdict).toBe('violated');
});

test('who holds nothing and begins where others did has given up nothing', () => {
  const begun = { node: 'broker-2', event: 40, latestBefore: 1 };

  expect(judged({ held: [present], deleted: [begun] }).verdict).toBe('holds');
});

test('who begins where its leader does has decided nothing, but behind it has', () => {
  const follows = { node: 'broker-1', event: 40, why: 'leader' };

  expect(judged({ held: [present], deleted: [{ ...follows, latestBefore: 1 }] }).verdict).toBe(
    'holds',
  );
  expect(judged({ held: [present], deleted: [follows] }).verdict).toBe('violated');
});
