import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadCodecs } from '../../../codecs/load.ts';
import { crc32c } from '../../../kafka/base/crc32c.ts';
import type { CodecName, Codecs } from '../../../kafka/host.ts';
import { validateBatch } from '../../../kafka/records/batch.ts';
import { compressBatch, openBatch } from '../../../kafka/records/compression.ts';
import { decodeRecords } from '../../../kafka/records/iterate.ts';

const NAMES: readonly CodecName[] = ['gzip', 'snappy', 'lz4', 'zstd'];
const PLENTY = 1 << 24;

let codecs: Codecs;
beforeAll(async () => {
  codecs = await loadCodecs();
});

/** Pieces that repeat: what random bytes alone never show. */
const repetitive = fc
  .array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: 1, max: 3000 })), {
    maxLength: 6,
  })
  .map((pieces) => {
    const bytes: number[] = [];
    for (const [piece, times] of pieces) {
      for (let i = 0; i < times && bytes.length < 150_000; i++) bytes.push(...piece);
    }
    return Uint8Array.from(bytes);
  });

describe.each(NAMES)('%s', (name) => {
  test('gives back what it was given', () => {
    fc.assert(
      fc.property(fc.oneof(repetitive, fc.uint8Array({ maxLength: 3000 })), (bytes) => {
        const compressed = codecs.compress(name, bytes);
        const opened = codecs.decompress(name, compressed, PLENTY);
        expect(opened !== null && Buffer.compare(opened, bytes) === 0).toBe(true);
      }),
      { numRuns: 150 },
    );
  });

  test('makes what repeats smaller', () => {
    const bytes = new Uint8Array(100_000).map((_, i) => i % 50);
    expect(codecs.compress(name, bytes).length).toBeLessThan(10_000);
  });

  test('gives exactly the limit and nothing beyond it', () => {
    const bytes = new Uint8Array(100_000);
    const compressed = codecs.compress(name, bytes);
    expect(codecs.decompress(name, compressed, 100_000)?.length).toBe(100_000);
    expect(codecs.decompress(name, compressed, 99_999)).toBeNull();
  });

  test('of torn bytes gives nothing', () => {
    const compressed = codecs.compress(
      name,
      new Uint8Array(70_000).map((_, i) => (i * i) >> 5),
    );
    for (const cut of [1, 4, 100, compressed.length - 8, compressed.length - 1]) {
      const torn = codecs.decompress(name, compressed.subarray(0, compressed.length - cut), PLENTY);
      expect(torn, `${cut} bytes are missing`).toBeNull();
    }
    expect(codecs.decompress(name, new Uint8Array(0), PLENTY)).toBeNull();
  });

  test('survives any damage', () => {
    const original = new Uint8Array(9000).map((_, i) => (i * i) >> 7);
    const compressed = codecs.compress(name, original);
    const damage = fc.array(fc.tuple(fc.nat(compressed.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 5,
    });
    fc.assert(
      fc.property(damage, (changes) => {
        const bytes = compressed.slice();
        for (const [at, byte] of changes) bytes[at] = byte;
        const opened = codecs.decompress(name, bytes, 1 << 20);
        expect(opened === null || opened.length <= 1 << 20).toBe(true);
      }),
      { numRuns: 1500 },
    );
  });
});

/** `codec hex` by line: 60 records, made with kafka-clients 4.0.0 (MemoryRecords.withRecords). */
const javaBatches = readFileSync(new URL('./java-batches.txt', import.meta.url), 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const [name = '', hex = ''] = line.split(' ');
    return { name, bytes: new Uint8Array(Buffer.from(hex, 'hex')) };
  });

describe('batches that Java wrote', () => {
  const uncompressed = javaBatches.find((one) => one.name === 'none')?.bytes as Uint8Array;

  test.each(javaBatches)('$name: are intact and open to the same records', ({ bytes }) => {
    expect(validateBatch(bytes, 0, bytes.length)).toBeNull();

    const opened = openBatch(bytes, 0, codecs) as Uint8Array;
    expect(decodeRecords(opened, 0)).toEqual(decodeRecords(uncompressed, 0));
    expect(validateBatch(opened, 0, opened.length)).toBeNull();
  });

  /** Java read these: a change is no mistake, but it is a change of every digest. */
  test('come out of our codecs with the same bytes on every platform', () => {
    const made = NAMES.map((codec) => {
      const batch = compressBatch(uncompressed, { codec, level: undefined }, codecs);
      return [codec, batch.length, crc32c(batch, 0, batch.length)];
    });

    expect(made).toEqual([
      ['gzip', 738, 1005213486],
      ['snappy', 1019, 848076206],
      ['lz4', 1051, 1239826754],
      ['zstd', 615, 2920272968],
    ]);
  });
});
