import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { loadCodecs } from '../../../codecs/load.ts';
import type { CodecName, Codecs } from '../../../kafka/host.ts';

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
