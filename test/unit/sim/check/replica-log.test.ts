/** What the witness of a log calls the cause when batches go that lay behind a hole. */
import { expect, test } from 'vitest';
import { baseOffsetAt, crcAt, leaderEpochAt } from '../../../../kafka/records/batch.ts';
import { ReplicaLog } from '../../../../sim/check/replica-log.ts';
import { batchOf } from '../../../support/log-lab.ts';

const batches = [0, 1, 2, 3].map((baseOffset) => batchOf(1, { baseOffset, leaderEpoch: 0 }));
const sizeOf = (count: number): number => (batches[0] as Uint8Array).length * count;
const identityOf = (bytes: Uint8Array) => ({
  baseOffset: baseOffsetAt(bytes, 0),
  epoch: leaderEpochAt(bytes, 0),
  crc: crcAt(bytes, 0),
});
const causeOf = (log: ReplicaLog, offset: number) =>
  log.howLost(identityOf(batches[offset] as Uint8Array))?.cause ?? null;

/** Segments at 0, 2 and 3; the last two have one batch each. */
function written(): ReplicaLog {
  const log = new ReplicaLog('broker-1', 'orders-0');
  const write = (segment: number, position: number, offset: number): void => {
    log.append({ segment }, { position, bytes: batches[offset] as Uint8Array, event: 1 + offset });
  };
  write(0, 0, 0);
  write(0, sizeOf(1), 1);
  write(2, 0, 2);
  write(3, 0, 3);
  return log;
}

/** The log as it is read again at event 10, with these bytes in its segments. */
function readAgain(log: ReplicaLog, segments: Readonly<Record<number, Uint8Array>>): void {
  const fresh = new ReplicaLog(log.node, log.partition);
  for (const [base, bytes] of Object.entries(segments)) {
    fresh.readSegment(Number(base), bytes, 'power', 10);
  }
  log.replaceWith(fresh, 10, 'power');
}

const [first, second, , fourth] = batches as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
const both = new Uint8Array([...first, ...second]);

test('a segment that recovery deletes behind an emptied one went with the power', () => {
  const log = written();

  readAgain(log, { 0: both, 2: new Uint8Array(0), 3: fourth });
  log.dropSegment(3, 20);

  expect([2, 3].map((offset) => causeOf(log, offset))).toEqual(['power', 'power']);
});

test('a segment that recovery deletes behind one that it cut went with the power', () => {
  const log = written();

  readAgain(log, { 0: both.slice(0, sizeOf(1) + 20), 2: batches[2] as Uint8Array, 3: fourth });
  log.cutSegment(0, sizeOf(1), 20);
  log.dropSegment(2, 21);
  log.dropSegment(3, 22);

  expect([1, 2, 3].map((offset) => causeOf(log, offset))).toEqual(['power', 'power', 'power']);
});

test('what is deleted after the hole is gone was deleted', () => {
  const log = written();
  readAgain(log, { 0: both, 2: new Uint8Array(0), 3: fourth });
  log.dropSegment(3, 20);

  log.append({ segment: 2 }, { position: 0, bytes: fourth, event: 30 });
  log.dropSegment(2, 40);

  expect(log.howLost(identityOf(fourth))).toMatchObject({ event: 40, cause: 'deleted' });
});

test('a gap that the node made itself is no loss of power', () => {
  const log = written();
  log.dropSegment(2, 5);

  readAgain(log, { 0: both, 3: fourth });
  log.dropSegment(3, 20);

  expect([2, 3].map((offset) => causeOf(log, offset))).toEqual(['deleted', 'deleted']);
});

test('what lay behind a hole was lost when the power went, whenever its file is deleted', () => {
  const log = written();
  const lossOf = (offset: number) => log.howLost(identityOf(batches[offset] as Uint8Array));

  readAgain(log, { 0: both, 2: new Uint8Array(0), 3: fourth });
  log.dropSegment(3, 20);
  log.dropSegment(0, 21);

  expect(lossOf(3)).toMatchObject({ cause: 'power', event: 20, doomedAt: 10 });
  expect(lossOf(0)).toMatchObject({ cause: 'deleted', event: 21, doomedAt: 21 });
});

test('what was written behind a hole after the power came back was not lost with it', () => {
  const log = written();
  const fifth = batchOf(1, { baseOffset: 4, leaderEpoch: 0 });

  readAgain(log, { 0: both, 2: new Uint8Array(0), 3: fourth });
  log.append({ segment: 3 }, { position: sizeOf(1), bytes: fifth, event: 15 });
  log.dropSegment(3, 20);

  expect(log.howLost(identityOf(fifth))).toMatchObject({ event: 20, doomedAt: 20 });
});
