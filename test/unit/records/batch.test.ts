import { describe, expect, test } from 'vitest';
import { crc32c } from '../../../kafka/base/crc32c.ts';
import { encodeText } from '../../../kafka/base/text.ts';
import {
  addSequence,
  baseOffsetAt,
  batchSizeAt,
  compressionAt,
  crcAt,
  lastOffsetAt,
  lastSequenceAt,
  leaderEpochAt,
  maxTimestampAt,
  producerEpochAt,
  producerIdAt,
  setBaseOffset,
  setLeaderEpoch,
  setMaxTimestamp,
  subtractSequence,
  timestampTypeAt,
  validateBatch,
} from '../../../kafka/records/batch.ts';
import { BatchBuilder, recordSizeUpperBound } from '../../../kafka/records/builder.ts';
import { checkRecords } from '../../../kafka/records/check-records.ts';
import {
  ControlRecordType,
  controlBatch,
  coordinatorEpochOf,
  decodeControlBatch,
  endTransactionBatch,
} from '../../../kafka/records/control.ts';
import { decodeRecords } from '../../../kafka/records/iterate.ts';
import { batchOf } from '../../support/log-lab.ts';

function naiveCrc(bytes: Uint8Array, start: number, end: number): number {
  let crc = 0xffffffff;
  for (let i = start; i < end; i++) {
    crc ^= bytes[i]!;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0);
  }
  return ~crc >>> 0;
}

function bytesOfHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

function bytesOf(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => (i * 131 + 7) & 255);
}

describe('CRC-32C', () => {
  test('agrees with the published vectors', () => {
    const vectors: [string, number][] = [
      ['313233343536373839', 0xe3069283],
      ['', 0],
      ['00'.repeat(32), 0x8a9136aa],
      ['ff'.repeat(32), 0x62a8ab43],
    ];
    for (const [text, crc] of vectors) {
      const bytes = bytesOfHex(text);
      expect(crc32c(bytes, 0, bytes.length)).toBe(crc);
    }
  });

  test('agrees with the bit-by-bit definition at every length and alignment', () => {
    const buffer = bytesOf(1200);
    for (const length of [0, 1, 3, 7, 8, 9, 255, 256, 257, 259, 271, 512, 1000]) {
      for (let start = 0; start < 8; start++) {
        const view = buffer.subarray(start & 3);
        expect(crc32c(view, start, start + length)).toBe(naiveCrc(view, start, start + length));
      }
    }
  });
});

describe('record batches', () => {
  test('a built batch reads back with everything that was put in', () => {
    const builder = new BatchBuilder();
    builder.begin();
    builder.append(1000, encodeText('k'), encodeText('v'), [{ key: 'h', value: null }]);
    builder.append(900, null, null);
    builder.append(2 ** 45, new Uint8Array(300), new Uint8Array(0), [
      { key: 'ä', value: Uint8Array.of(1) },
    ]);
    const batch = builder.finish({
      baseOffset: 41,
      leaderEpoch: 5,
      producerId: 9,
      producerEpoch: 2,
      baseSequence: 7,
    });

    expect(validateBatch(batch, 0, batch.length)).toBeNull();
    expect(batchSizeAt(batch, 0)).toBe(batch.length);
    expect([baseOffsetAt(batch, 0), lastOffsetAt(batch, 0), leaderEpochAt(batch, 0)]).toEqual([
      41, 43, 5,
    ]);
    expect([producerIdAt(batch, 0), producerEpochAt(batch, 0), lastSequenceAt(batch, 0)]).toEqual([
      9, 2, 9,
    ]);
    expect(maxTimestampAt(batch, 0)).toBe(2 ** 45);
    const records = decodeRecords(batch, 0);
    expect(
      records.map((r) => [r.offset, r.timestampMs, r.key?.length ?? null, r.value?.length ?? null]),
    ).toEqual([
      [41, 1000, 1, 1],
      [42, 900, null, null],
      [43, 2 ** 45, 300, 0],
    ]);
    expect(records[0]?.headers).toEqual([{ key: 'h', value: null }]);
    expect(records[2]?.headers).toEqual([{ key: 'ä', value: Uint8Array.of(1) }]);
  });

  test('the size is known before a record is appended, and bounded without a builder', () => {
    const builder = new BatchBuilder();
    builder.begin();
    for (const [key, value] of [
      [null, null],
      [new Uint8Array(200), new Uint8Array(70_000)],
      [new Uint8Array(3), null],
    ] as const) {
      const before = builder.sizeBytes;
      const size = builder.sizeOfRecord(5_000_000_000, key, value);
      builder.append(5_000_000_000, key, value);
      expect(builder.sizeBytes - before).toBe(size);
      expect(size).toBeLessThanOrEqual(recordSizeUpperBound(key, value));
    }
  });

  test('offset and leader epoch may be stamped under a valid checksum; timestamps renew it', () => {
    const batch = batchOf(3);
    setBaseOffset(batch, 0, 2 ** 40 + 5);
    setLeaderEpoch(batch, 0, 77);
    expect(validateBatch(batch, 0, batch.length)).toBeNull();
    expect(baseOffsetAt(batch, 0)).toBe(2 ** 40 + 5);

    const before = crcAt(batch, 0);
    setMaxTimestamp(batch, 0, 'LogAppendTime', 123);
    expect(crcAt(batch, 0)).not.toBe(before);
    expect(validateBatch(batch, 0, batch.length)).toBeNull();
    expect(timestampTypeAt(batch, 0)).toBe('LogAppendTime');
    expect(decodeRecords(batch, 0).map((r) => r.timestampMs)).toEqual([123, 123, 123]);
  });

  test('validation names what is wrong', () => {
    const batch = batchOf(1);
    expect(validateBatch(batch, 0, 11)).toBe('truncated');
    expect(validateBatch(batch, 0, batch.length - 1)).toBe('truncated');
    expect(validateBatch(new Uint8Array(100), 0, 100)).toBe('too-small');
    const flipped = batch.slice();
    flipped[batch.length - 1]! ^= 1;
    expect(validateBatch(flipped, 0, batch.length)).toBe('bad-crc');
    const old = batch.slice();
    old[16] = 1;
    expect(validateBatch(old, 0, batch.length)).toBe('bad-magic');
  });

  test('a gzip batch of a real client checks out', () => {
    // Test fixture of kafkajs (MIT licence, (c) Tulio Ornelas and contributors).
    const batch = bytesOfHex(
      '0000000000000000000000710000000002e4c324a500090000000000000173edf5ffa700000173edf5ffc9ffff' +
        'ffffffffffff000000000000000000011f8b08000000000000130b636060e0ca4eadd43570284bcc294dd535' +
        'd035323032d035b0d03534093134b73234b632b0d033b3308a620000b5e3f1a72c000000',
    );
    expect(validateBatch(batch, 0, batch.length)).toBeNull();
    expect([compressionAt(batch, 0), timestampTypeAt(batch, 0)]).toEqual([1, 'LogAppendTime']);
  });

  test('sequences wrap from 2^31 - 1 to 0', () => {
    expect(addSequence(2 ** 31 - 1, 1)).toBe(0);
    expect(addSequence(2 ** 31 - 3, 5)).toBe(2);
    expect(subtractSequence(2, 5)).toBe(2 ** 31 - 3);
  });
});

describe('what a leader checks inside a batch', () => {
  const all = { fromMs: -Infinity, toMs: Infinity, keys: false };

  test('a well-formed batch passes, one whose records do not add up does not', () => {
    const batch = batchOf(5, { valueBytes: 20 });
    expect(checkRecords(batch, 0, all)).toBeNull();
    const lengthAt = 61;
    const offsetDeltaAt = 64;
    const keyLengthAt = 65;
    const valueLengthAt = 66;
    for (const at of [lengthAt, offsetDeltaAt, keyLengthAt, valueLengthAt]) {
      const damaged = batch.slice();
      damaged[at]! ^= 0x04;
      expect(checkRecords(damaged, 0, all)).not.toBeNull();
    }
    const fewer = batch.slice();
    fewer[60] = 4;
    expect(checkRecords(fewer, 0, all)).toBe('malformed');
    const more = batch.slice();
    more[60] = 6;
    expect(checkRecords(more, 0, all)).toBe('malformed');
  });

  test('a timestamp outside the bounds is found in any record', () => {
    const builder = new BatchBuilder();
    builder.begin();
    builder.append(1000, null, null);
    builder.append(10, null, null);
    const batch = builder.finish({});
    expect(checkRecords(batch, 0, { fromMs: 10, toMs: 1000, keys: false })).toBeNull();
    expect(checkRecords(batch, 0, { fromMs: 11, toMs: 1000, keys: false })).toBe('rejected');
    expect(checkRecords(batch, 0, { fromMs: 0, toMs: 999, keys: false })).toBe('rejected');
  });
});

describe('control batches', () => {
  test('a marker carries outcome and coordinator epoch', () => {
    const batch = endTransactionBatch({
      commit: true,
      producerId: 3,
      producerEpoch: 1,
      coordinatorEpoch: 70_000,
      timestampMs: 5,
    });
    const record = decodeControlBatch(batch, 0);
    expect(record.type).toBe(ControlRecordType.COMMIT);
    expect(coordinatorEpochOf(record.value)).toBe(70_000);
    expect(() => decodeControlBatch(batchOf(1), 0)).toThrow('not a control batch');
  });

  test('a leader change keeps its value', () => {
    const batch = controlBatch({
      records: [{ type: ControlRecordType.LEADER_CHANGE, value: Uint8Array.of(9, 8) }],
      timestampMs: 1,
      baseOffset: 4,
      leaderEpoch: 2,
    });
    expect(decodeControlBatch(batch, 0)).toEqual({
      type: 2,
      offset: 4,
      value: Uint8Array.of(9, 8),
    });
  });
});
