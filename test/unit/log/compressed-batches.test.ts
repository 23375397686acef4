import { beforeAll, describe, expect, test } from 'vitest';
import { loadCodecs } from '../../../codecs/load.ts';
import type { CodecName, Codecs } from '../../../kafka/host.ts';
import type { LogConfig } from '../../../kafka/log/log-config.ts';
import {
  compressionAt,
  maxTimestampAt,
  setMaxTimestamp,
  timestampTypeAt,
  validateBatch,
} from '../../../kafka/records/batch.ts';
import { BatchBuilder } from '../../../kafka/records/builder.ts';
import { codecId, compressBatch, openBatch } from '../../../kafka/records/compression.ts';
import { decodeRecords, type LogRecord } from '../../../kafka/records/iterate.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import { installCodecs } from '../../../sim/process/codecs.ts';
import { LogLab, START_MS } from '../../support/log-lab.ts';

const NAMES: readonly CodecName[] = ['gzip', 'snappy', 'lz4', 'zstd'];
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

let codecs: Codecs;
beforeAll(async () => {
  codecs = await loadCodecs();
  installCodecs(codecs);
});

interface Made {
  readonly count?: number;
  readonly timestampsMs?: readonly number[];
  readonly keyless?: boolean;
}

function batch({ count = 20, timestampsMs, keyless }: Made = {}): Uint8Array {
  const builder = new BatchBuilder();
  builder.begin();
  const times = timestampsMs ?? Array.from({ length: count }, (_, i) => START_MS + i);
  times.forEach((timestampMs, i) => {
    builder.append(
      timestampMs,
      keyless === true ? null : text(`key-${i}`),
      text('value '.repeat(9)),
      [{ key: 'h', value: text('1') }],
    );
  });
  return builder.finish({ producerId: 7, producerEpoch: 0, baseSequence: 0 });
}

const compressed = (codec: CodecName, made?: Made): Uint8Array =>
  compressBatch(batch(made), { codec, level: undefined }, codecs);

function stored(config: Partial<LogConfig>, bytes: Uint8Array) {
  const lab = new LogLab(config);
  const log = lab.log();
  const append = log.appendAsLeader(bytes, 0, 'client');
  const { records } = log.read(0, 1 << 20, 'log_end', true);
  return { append, log, records: records.slice() };
}

const readOf = (bytes: Uint8Array): readonly LogRecord[] =>
  decodeRecords(openBatch(bytes, 0, codecs) as Uint8Array, 0);

describe.each(NAMES)('a batch compressed with %s', (codec) => {
  test('is stored as it came, and opens to the same records', () => {
    const { append, records } = stored({}, compressed(codec));

    expect(append).toMatchObject({ error: ErrorCode.NONE, baseOffset: 0, lastOffset: 19 });
    expect(compressionAt(records, 0)).toBe(codecId(codec));
    expect(validateBatch(records, 0, records.length)).toBeNull();
    expect(readOf(records)).toEqual(decodeRecords(batch(), 0));
  });

  test('is stored with the codec that the topic wants', () => {
    for (const wanted of [...NAMES, null]) {
      const compression = wanted === null ? null : { codec: wanted, level: undefined };
      const { append, records } = stored({ compression }, compressed(codec));

      expect(append.error).toBe(ErrorCode.NONE);
      expect(compressionAt(records, 0)).toBe(codecId(wanted));
      expect(validateBatch(records, 0, records.length)).toBeNull();
      expect(readOf(records)).toEqual(decodeRecords(batch(), 0));
    }
  });

  test('is looked into for timestamps', () => {
    const times = [START_MS + 5, START_MS + 90, START_MS + 30];
    const { log } = stored({}, compressed(codec, { timestampsMs: times }));

    expect(log.offsetForTimestamp(START_MS + 6)).toMatchObject({ offset: 1 });
    expect(log.offsetForTimestamp(START_MS + 91)).toBeNull();
    expect(log.maxTimestampOffset()).toMatchObject({ offset: 1, timestampMs: START_MS + 90 });
  });

  test('gets the append time without being opened again', () => {
    const { append, records } = stored(
      { messageTimestampType: 'LogAppendTime' },
      compressed(codec),
    );

    expect(append.appendTimeMs).toBe(START_MS);
    expect(timestampTypeAt(records, 0)).toBe('LogAppendTime');
    expect(readOf(records).map(({ timestampMs }) => timestampMs)).toEqual(Array(20).fill(START_MS));
  });

  test('whose records cannot be decompressed is refused', () => {
    const broken = compressed(codec).slice(0, -9);
    const repaired = compressBatch(
      batch({ count: 1 }),
      { codec, level: undefined },
      {
        ...codecs,
        compress: () => broken.subarray(61),
      },
    );

    expect(stored({}, repaired).append.error).toBe(ErrorCode.INVALID_RECORD);
  });
});

describe('a leader', () => {
  test('tells which records have bad timestamps, also inside a compressed batch', () => {
    const timestampsMs = [START_MS, START_MS + 3_600_001, START_MS, START_MS + 4_000_000];
    for (const bytes of [batch({ timestampsMs }), compressed('lz4', { timestampsMs })]) {
      const { append, log } = stored({}, bytes);

      expect(append.error).toBe(ErrorCode.INVALID_TIMESTAMP);
      expect(append.recordErrors?.map(({ batchIndex }) => batchIndex)).toEqual([1, 3]);
      expect(log.logEndOffset).toBe(0);
    }
  });

  test('takes records without timestamp whatever the bounds are', () => {
    const timestampsMs = [-1, -1];
    const { append } = stored({ messageTimestampBeforeMaxMs: 10 }, batch({ timestampsMs }));

    expect(append.error).toBe(ErrorCode.NONE);
  });

  test('of a compacted topic refuses records without key', () => {
    for (const bytes of [batch({ keyless: true }), compressed('zstd', { keyless: true })]) {
      const { append } = stored({ compact: true }, bytes);

      expect(append.error).toBe(ErrorCode.INVALID_RECORD);
      expect(append.recordErrors).toHaveLength(20);
    }
    expect(stored({ compact: true }, batch()).append.error).toBe(ErrorCode.NONE);
  });

  test('puts a largest timestamp right that is not that of its records', () => {
    for (const bytes of [batch(), compressed('gzip')]) {
      setMaxTimestamp(bytes, 0, 'CreateTime', START_MS + 9_999_999);
      const { append, records } = stored({}, bytes);

      expect(append.error).toBe(ErrorCode.NONE);
      expect(maxTimestampAt(records, 0)).toBe(START_MS + 19);
    }
  });

  test('refuses LogAppendTime from a producer where it would stamp that itself', () => {
    const bytes = batch();
    setMaxTimestamp(bytes, 0, 'LogAppendTime', START_MS);

    const { append } = stored({ messageTimestampType: 'LogAppendTime' }, bytes);

    expect(append.error).toBe(ErrorCode.INVALID_TIMESTAMP);
  });

  test('measures max.message.bytes after its own compression, too', () => {
    const small = compressed('gzip', { count: 200 });
    const config = { compression: null, maxMessageBytes: small.length + 10 };

    expect(stored(config, small).append.error).toBe(ErrorCode.MESSAGE_TOO_LARGE);
    expect(stored({ ...config, compression: 'producer' }, small).append.error).toBe(0);
  });

  test('takes a codec that there is not for a mistake of the client', () => {
    const bytes = batch();
    bytes[22] = 5;
    setMaxTimestamp(bytes, 0, 'CreateTime', START_MS);

    expect(stored({}, bytes).append.error).toBe(ErrorCode.UNKNOWN_SERVER_ERROR);
  });
});
