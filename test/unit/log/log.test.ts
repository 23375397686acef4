import { describe, expect, test } from 'vitest';
import { decodeText } from '../../../kafka/base/text.ts';
import { TODAY } from '../../../kafka/protocol/rules.ts';
import {
  baseOffsetAt,
  batchSizeAt,
  computeCrc,
  leaderEpochAt,
  putInt32,
  putInt64,
  setBaseOffset,
  setLeaderEpoch,
} from '../../../kafka/records/batch.ts';
import { endTransactionBatch } from '../../../kafka/records/control.ts';
import { lookUpOffset, MAX_TIMESTAMP } from '../../../kafka/replication/offset-lookup.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { append, batchOf, LogLab, START_MS, TOPIC_ID } from '../../support/log-lab.ts';

const DIRECTORY = '/data/orders-0';
const MAX = 1_000_000;

function offsetsIn(records: Uint8Array): number[] {
  const offsets: number[] = [];
  for (let at = 0; at < records.length; at += batchSizeAt(records, at)) {
    offsets.push(baseOffsetAt(records, at));
  }
  return offsets;
}

/** What a follower would fetch: batches stamped by another leader. */
function fetched(...batches: [epoch: number, baseOffset: number, count: number][]): Uint8Array {
  const made = batches.map(([leaderEpoch, baseOffset, count]) =>
    batchOf(count, { leaderEpoch, baseOffset }),
  );
  const all = new Uint8Array(made.reduce((sum, batch) => sum + batch.length, 0));
  let at = 0;
  for (const batch of made) {
    all.set(batch, at);
    at += batch.length;
  }
  return all;
}

const PRODUCER_ID_AT = 43;

/** An idempotent batch with another value in its header, under a valid checksum. */
function withInt64(at: number, value: number): Uint8Array {
  const batch = batchOf(1, { producerId: 5, producerEpoch: 0, baseSequence: 0 });
  putInt64(batch, at, value);
  putInt32(batch, 17, computeCrc(batch, 0));
  return batch;
}

function text(lab: LogLab, path: string): string {
  const bytes = lab.disk.contents(path);
  return decodeText(bytes, 0, bytes.length);
}

describe('appending as leader', () => {
  test('stamps offsets and epoch and returns them', () => {
    const log = new LogLab().log();
    expect(append(log, 3, batchOf(5))).toBe(0);
    const appended = log.appendAsLeader(batchOf(2), 3, 'client');

    expect(appended).toMatchObject({ error: 0, baseOffset: 5, lastOffset: 6, appendTimeMs: -1 });
    expect(log.logEndOffset).toBe(7);
    const { records } = log.read(0, MAX, 'log_end', true);
    expect(offsetsIn(records)).toEqual([0, 5]);
    expect(leaderEpochAt(records, 0)).toBe(3);
    expect(log.latestEpoch).toBe(3);
  });

  test('LogAppendTime stamps the broker’s clock', () => {
    const lab = new LogLab({ messageTimestampType: 'LogAppendTime' });
    const appended = lab.log().appendAsLeader(batchOf(1, { timestampMs: 5 }), 0, 'client');
    expect(appended.appendTimeMs).toBe(START_MS);
    expect(lab.log().offsetForTimestamp(START_MS)?.offset).toBe(0);
  });

  test('refuses what a client may not send, and writes nothing', () => {
    const lab = new LogLab({ maxMessageBytes: 400, segmentBytes: 300 });
    const log = lab.log();
    const flipped = batchOf(1);
    flipped[70]! ^= 1;
    const shifted = batchOf(1);
    setBaseOffset(shifted, 0, 9);
    const control = endTransactionBatch({
      commit: true,
      producerId: 1,
      producerEpoch: 0,
      coordinatorEpoch: 0,
      timestampMs: START_MS,
    });
    const cases: [Uint8Array, number][] = [
      [new Uint8Array(0), ErrorCode.INVALID_RECORD],
      [fetched([-1, 0, 1], [-1, 0, 1]), ErrorCode.INVALID_RECORD],
      [flipped, ErrorCode.CORRUPT_MESSAGE],
      [batchOf(1).subarray(0, 70), ErrorCode.CORRUPT_MESSAGE],
      [shifted, ErrorCode.INVALID_RECORD],
      [control, ErrorCode.INVALID_RECORD],
      [batchOf(1, { valueBytes: 500 }), ErrorCode.MESSAGE_TOO_LARGE],
      [batchOf(1, { valueBytes: 300 }), ErrorCode.RECORD_LIST_TOO_LARGE],
      [batchOf(1, { timestampMs: START_MS + 3_600_001 }), ErrorCode.INVALID_TIMESTAMP],
      [withInt64(PRODUCER_ID_AT, 2 ** 60), ErrorCode.INVALID_RECORD],
      [withInt64(PRODUCER_ID_AT, -7), ErrorCode.INVALID_RECORD],
    ];
    for (const [batch, error] of cases) {
      expect(log.appendAsLeader(batch, 0, 'client').error).toBe(error);
    }
    expect(log.logEndOffset).toBe(0);
    expect(log.sizeBytes).toBe(0);
  });
});

describe('idempotent producers', () => {
  const from = (baseSequence: number, count = 1, producerEpoch = 0) =>
    batchOf(count, { producerId: 4000, producerEpoch, baseSequence });

  test('a repeat of one of the last five batches gets its first offsets and writes nothing', () => {
    const log = new LogLab().log();
    for (let i = 0; i < 6; i++) append(log, 0, from(i * 2, 2));

    const repeat = log.appendAsLeader(from(2, 2), 0, 'client');
    expect(repeat).toMatchObject({ error: 0, baseOffset: 2, lastOffset: 3, duplicate: true });
    expect(log.logEndOffset).toBe(12);
    const tooOld = log.appendAsLeader(from(0, 2), 0, 'client');
    expect(tooOld.error).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    const otherShape = log.appendAsLeader(from(2, 1), 0, 'client');
    expect(otherShape.error).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
  });

  test('gaps, old epochs and new epochs that do not start at 0 are refused', () => {
    const log = new LogLab().log();
    append(log, 0, from(7, 3, 2));
    const error = (batch: Uint8Array) => log.appendAsLeader(batch, 0, 'client').error;
    expect(error(from(11, 1, 2))).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect(error(from(10, 1, 1))).toBe(ErrorCode.INVALID_PRODUCER_EPOCH);
    expect(error(from(1, 1, 3))).toBe(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER);
    expect(error(from(0, 1, 3))).toBe(0);
  });

  test('sequences wrap around', () => {
    const log = new LogLab().log();
    append(log, 0, from(2 ** 31 - 2, 2));
    append(log, 0, from(0, 1));
    expect(
      log.producers
        .get(4000)
        ?.cachedBatches()
        .map((b) => b.lastSequence),
    ).toEqual([2 ** 31 - 1, 0]);
  });

  test('followers take what they fetch without sequence checks, and know the producers after', () => {
    const log = new LogLab().log();
    const batch = from(100, 2);
    setLeaderEpoch(batch, 0, 1);
    expect(log.appendAsFollower(batch, 1).error).toBe(0);
    const gap = from(500, 1);
    setLeaderEpoch(gap, 0, 1);
    setBaseOffset(gap, 0, 2);
    expect(log.appendAsFollower(gap, 1).error).toBe(0);
    expect(log.producers.get(4000)?.lastSequence).toBe(500);
  });

  test('silent producers are forgotten after producer.id.expiration.ms', () => {
    const lab = new LogLab();
    append(lab.log(), 0, from(0));
    lab.log().producers.removeExpired(START_MS + 86_399_999);
    expect(lab.log().producers.size).toBe(1);
    lab.log().producers.removeExpired(START_MS + 86_400_000);
    expect(lab.log().producers.size).toBe(0);
  });

  test('a clean restart keeps them through the snapshot', () => {
    const lab = new LogLab();
    append(lab.log(), 0, from(0, 3));
    append(lab.log(), 0, batchOf(1));
    lab.log().updateHighWatermark(4);
    lab.log().maybeIncrementLogStartOffset(3);
    expect(lab.stop()).toBe(true);
    lab.boot();
    expect(lab.log().logStartOffset).toBe(3);
    const repeat = lab.log().appendAsLeader(from(0, 3), 1, 'client');
    expect(repeat).toMatchObject({ error: 0, baseOffset: 0, duplicate: true });
  });
});

describe('appending as follower', () => {
  test('ignores a torn tail and leaves out batches of later epochs', () => {
    const log = new LogLab().log();
    const chunk = fetched([1, 0, 2], [1, 2, 2], [2, 4, 1]);
    expect(log.appendAsFollower(chunk, 1)).toMatchObject({
      error: 0,
      baseOffset: 0,
      lastOffset: 3,
    });
    const torn = fetched([2, 4, 1], [2, 5, 3]);
    const appended = log.appendAsFollower(torn.subarray(0, torn.length - 1), 2);
    expect(appended).toMatchObject({ error: 0, lastOffset: 4 });
    expect(log.epochs.all).toEqual([
      { epoch: 1, startOffset: 0 },
      { epoch: 2, startOffset: 4 },
    ]);
  });

  test('tells what it fetched by the epochs of the batches, not by that of the leader', () => {
    const lab = new LogLab();
    const log = lab.log();
    lab.told = [];
    log.appendAsFollower(fetched([1, 0, 2], [1, 2, 1], [3, 3, 2]), 4);
    const appended = lab.told.filter((one) => one.kind === 'log.appended');
    expect(appended.map((one) => one.fields.slice(1, 5))).toEqual([
      [0, 3, 1, 'follower'],
      [3, 5, 3, 'follower'],
    ]);
  });

  test('refuses a damaged batch and offsets below the log end', () => {
    const log = new LogLab().log();
    append(log, 1, batchOf(3));
    const damaged = fetched([1, 3, 1]);
    damaged[65]! ^= 1;
    expect(log.appendAsFollower(damaged, 1).error).toBe(ErrorCode.CORRUPT_MESSAGE);
    expect(log.appendAsFollower(fetched([1, 2, 1]), 1).error).toBe(ErrorCode.UNKNOWN_SERVER_ERROR);
    expect(log.logEndOffset).toBe(3);
  });

  test('a chunk larger than a segment is spread over segments', () => {
    const lab = new LogLab({ segmentBytes: 200 });
    const log = lab.log();
    expect(
      log.appendAsFollower(fetched([1, 0, 1], [1, 1, 1], [1, 2, 1], [1, 3, 1], [1, 4, 1]), 1).error,
    ).toBe(0);
    expect(log.segments.all.map((s) => s.baseOffset)).toEqual([0, 2, 4]);
    expect(log.segments.all.every((s) => s.sizeBytes <= 200)).toBe(true);
  });

  test('an empty log whose start lies inside the first fetched batch begins at that batch', () => {
    const log = new LogLab().log();
    log.truncateFullyAndStartAt(105);
    expect(log.appendAsFollower(fetched([1, 100, 10]), 1)).toMatchObject({
      error: 0,
      lastOffset: 109,
    });
    expect([log.logStartOffset, log.logEndOffset]).toEqual([100, 110]);
  });
});

describe('reading', () => {
  test('never beyond the bound, whole batches only, at least one', () => {
    const log = new LogLab().log();
    for (let i = 0; i < 5; i++) append(log, 0, batchOf(2));
    log.updateHighWatermark(6);
    const size = batchOf(2).length;

    expect(offsetsIn(log.read(0, MAX, 'high_watermark', true).records)).toEqual([0, 2, 4]);
    expect(offsetsIn(log.read(3, MAX, 'log_end', true).records)).toEqual([2, 4, 6, 8]);
    expect(offsetsIn(log.read(0, size * 2 + 5, 'log_end', true).records)).toEqual([0, 2]);
    expect(offsetsIn(log.read(4, 1, 'log_end', true).records)).toEqual([4]);
    expect(log.read(4, 1, 'log_end', false).records.length).toBe(0);
    expect(log.read(7, MAX, 'high_watermark', true)).toMatchObject({ error: 0 });
    expect(log.read(11, MAX, 'log_end', true).error).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
    expect(log.readableBytes(2, 'high_watermark')).toBe(2 * size);
  });

  test('finds the first record that is young enough', () => {
    const lab = new LogLab({ indexIntervalBytes: 100, segmentBytes: 600 });
    const log = lab.log();
    for (let i = 0; i < 20; i++) append(log, 0, batchOf(2, { timestampMs: START_MS + i * 10 }));
    expect(log.offsetForTimestamp(START_MS + 95)).toEqual({
      offset: 20,
      timestampMs: START_MS + 100,
      leaderEpoch: 0,
    });
    expect(log.offsetForTimestamp(START_MS + 1000)).toBeNull();
    expect(log.maxTimestampOffset()).toEqual({
      offset: 38,
      timestampMs: START_MS + 190,
      leaderEpoch: 0,
    });
  });

  test('a rotten batch frame is CORRUPT_MESSAGE, not a crash', () => {
    const lab = new LogLab({ segmentBytes: 250 });
    for (let i = 0; i < 6; i++) append(lab.log(), 0, batchOf(1));
    lab.stop();
    lab.disk.flipBit(`${DIRECTORY}/00000000000000000000.log`, batchOf(1).length + 16);
    lab.boot();
    expect(lab.log().read(0, 100, 'log_end', true).error).toBe(0);
    expect(lab.log().read(2, MAX, 'log_end', true).error).toBe(ErrorCode.CORRUPT_MESSAGE);
  });
});

test('a bit that flips at rest stops no later work on the log', () => {
  const headerBits = 8 * 61;
  for (let bit = 0; bit < 8 * 200; bit += bit < headerBits ? 1 : 7) {
    const lab = new LogLab();
    const stamp = { producerId: 5, producerEpoch: 0 };
    for (let i = 0; i < 3; i++) append(lab.log(), 1, batchOf(1, { ...stamp, baseSequence: i }));
    lab.stop();
    lab.boot();
    const log = lab.log();
    log.updateHighWatermark(3);
    lab.disk.flipBit(`${DIRECTORY}/00000000000000000000.log`, bit);

    const led = { name: 'orders-0', leaderEpoch: 1, epochStartOffset: 0, rules: TODAY };
    const errorAt = (at: number) => lookUpOffset(led, log, at, 'high_watermark').error;
    expect([0, 2]).toContain(errorAt(MAX_TIMESTAMP));
    expect([0, 2]).toContain(errorAt(START_MS));
    log.truncateTo(2);
    expect(log.appendAsLeader(batchOf(1), 2, 'client').error).toBe(ErrorCode.NONE);
  }
});

describe('rolling and retention', () => {
  test('rolls by size, by record time and when the index is full', () => {
    const bySize = new LogLab({ segmentBytes: 250 });
    for (let i = 0; i < 6; i++) append(bySize.log(), 0, batchOf(1));
    expect(bySize.log().segments.all.length).toBe(2);

    const byTime = new LogLab({ segmentMs: 1000 });
    for (const at of [0, 1000, 1001])
      append(byTime.log(), 0, batchOf(1, { timestampMs: START_MS + at }));
    expect(byTime.log().segments.all.map((s) => s.baseOffset)).toEqual([0, 2]);

    const byIndex = new LogLab({ indexIntervalBytes: 0, segmentIndexBytes: 24 });
    for (let i = 0; i < 5; i++) append(byIndex.log(), 0, batchOf(1));
    expect(byIndex.log().segments.all.length).toBeGreaterThan(1);
  });

  test('files have Kafka’s names, and a roll flushes the old segment and raises the recovery point', () => {
    const lab = new LogLab({ segmentBytes: 250 });
    const log = lab.log();
    for (let i = 0; i < 4; i++)
      append(log, 0, batchOf(1, { producerId: 1, producerEpoch: 0, baseSequence: i }));
    expect(lab.disk.list(DIRECTORY).filter((name) => !name.endsWith('.tmp'))).toEqual([
      '00000000000000000000.index',
      '00000000000000000000.log',
      '00000000000000000000.timeindex',
      '00000000000000000003.index',
      '00000000000000000003.log',
      '00000000000000000003.snapshot',
      '00000000000000000003.timeindex',
      'partition.metadata',
    ]);
    expect(log.recoveryPoint).toBe(0);
    lab.endFlushes();
    expect(log.recoveryPoint).toBe(3);
    expect(text(lab, `${DIRECTORY}/leader-epoch-checkpoint`)).toBe('0\n1\n0 0\n');
    expect(text(lab, `${DIRECTORY}/partition.metadata`)).toBe(
      `version: 0\ntopic_id: ${TOPIC_ID}\n`,
    );
  });

  test('retention by time deletes only below the high watermark and raises the log start', () => {
    const lab = new LogLab({ segmentBytes: 250, retentionMs: 1000, fileDeleteDelayMs: 500 });
    const log = lab.log();
    for (let i = 0; i < 9; i++) append(log, 2, batchOf(1));
    lab.nowMs += 1001;
    expect(log.deleteOldSegments()).toBe(0);
    log.updateHighWatermark(7);

    expect(log.deleteOldSegments()).toBe(2);
    expect(log.logStartOffset).toBe(6);
    expect(log.epochs.all).toEqual([{ epoch: 2, startOffset: 6 }]);
    expect(log.read(5, MAX, 'log_end', true).error).toBe(ErrorCode.OFFSET_OUT_OF_RANGE);
    expect(lab.disk.exists(`${DIRECTORY}/00000000000000000000.log.deleted`)).toBe(true);
    lab.advance(500);
    expect(lab.disk.exists(`${DIRECTORY}/00000000000000000000.log.deleted`)).toBe(false);

    log.updateHighWatermark(9);
    expect(log.deleteOldSegments()).toBe(1);
    expect([log.logStartOffset, log.logEndOffset, log.sizeBytes]).toEqual([9, 9, 0]);
  });

  test('retention by size keeps at least retention.bytes', () => {
    const lab = new LogLab({ segmentBytes: 250, retentionBytes: 500, retentionMs: -1 });
    const log = lab.log();
    for (let i = 0; i < 12; i++) append(log, 0, batchOf(1));
    log.updateHighWatermark(12);
    log.deleteOldSegments();
    expect(log.sizeBytes).toBeGreaterThanOrEqual(500);
    expect(log.sizeBytes).toBeLessThan(750);
  });

  test('the log start offset never passes the high watermark', () => {
    const log = new LogLab().log();
    append(log, 0, batchOf(5));
    expect(log.maybeIncrementLogStartOffset(1)).toBe(false);
    log.updateHighWatermark(3);
    expect(log.maybeIncrementLogStartOffset(3)).toBe(true);
    expect(log.maybeIncrementLogStartOffset(2)).toBe(false);
  });
});

describe('truncation', () => {
  test('cuts records, epochs, producers and high watermark', () => {
    const lab = new LogLab({ segmentBytes: 250 });
    const log = lab.log();
    for (let i = 0; i < 8; i++)
      append(log, i < 4 ? 1 : 2, batchOf(1, { producerId: 5, producerEpoch: 0, baseSequence: i }));
    log.updateHighWatermark(6);

    expect(log.truncateTo(4)).toBe(true);
    expect([log.logEndOffset, log.highWatermark, log.latestEpoch]).toEqual([4, 4, 1]);
    expect(log.producers.get(5)?.lastSequence).toBe(3);
    append(log, 3, batchOf(1, { producerId: 5, producerEpoch: 0, baseSequence: 4, fill: 9 }));
    expect(offsetsIn(log.read(3, MAX, 'log_end', true).records)).toContain(3);
    expect(log.epochs.all).toEqual([
      { epoch: 1, startOffset: 0 },
      { epoch: 3, startOffset: 4 },
    ]);
  });

  test('trims the epoch cache even when there is nothing to cut', () => {
    const log = new LogLab().log();
    append(log, 1, batchOf(2));
    log.assignEpochStart(2, 2);
    expect(log.truncateTo(5)).toBe(false);
    expect(log.latestEpoch).toBe(1);
  });

  test('nothing is appended to a file while any of its cuts is marked', () => {
    let marked = 0;
    for (let between = 0; between < 12; between++) {
      for (let after = 0; after < 12; after++) {
        const lab = new LogLab();
        const log = lab.log();
        for (let i = 0; i < 10; i++) append(log, 1, batchOf(1));
        log.flush();
        lab.endFlushes();

        log.truncateTo(8);
        for (let i = 0; i < between; i++) lab.disk.endFlush(lab.environment.flushed, 0);
        log.truncateTo(5);
        for (let i = 0; i < after; i++) lab.disk.endFlush(lab.environment.flushed, 0);
        const isMarked = lab.disk.list(DIRECTORY).some((name) => name.endsWith('.truncated'));
        append(log, 2, batchOf(1));

        if (isMarked) marked += 1;
        expect([isMarked, log.segments.active.baseOffset]).toEqual([isMarked, isMarked ? 5 : 0]);
      }
    }
    expect(marked).toBeGreaterThan(0);
  });

  test('a restart elsewhere empties the log', () => {
    const log = new LogLab().log();
    append(log, 1, batchOf(2, { producerId: 5, producerEpoch: 0, baseSequence: 0 }));
    log.truncateFullyAndStartAt(50);
    expect([log.logStartOffset, log.highWatermark, log.logEndOffset]).toEqual([50, 50, 50]);
    expect([log.latestEpoch, log.producers.size]).toEqual([-1, 0]);
    expect(append(log, 2, batchOf(1))).toBe(50);
  });
});
