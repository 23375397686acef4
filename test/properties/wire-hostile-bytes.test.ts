/**
 * Bytes from outside may be anything. Whatever they are, decoding ends in a value or a `WireError`,
 * and never makes more elements than it was given bytes.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reader, WireError } from '../../kafka/base/reader.ts';
import { Writer } from '../../kafka/base/writer.ts';
import { decodeRequestHeader } from '../../kafka/wire/headers.ts';
import { decodeMetadataRecord } from '../../kafka/wire/metadata-records.ts';
import { declared } from '../unit/wire/support/codecs.ts';
import { fullStruct } from '../unit/wire/support/values.ts';

const writer = new Writer();

/** The decoded value, or null when it was refused as it should be. */
function attempt<T>(decode: () => T): T | null {
  try {
    return decode();
  } catch (problem) {
    if (problem instanceof WireError) return null;
    throw problem;
  }
}

function elements(value: unknown): number {
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return 0;
  const inner = Object.values(value).reduce((sum: number, one) => sum + elements(one), 0);
  return inner + (Array.isArray(value) ? value.length : 0);
}

/** What to write over a place: large and negative counts and lengths in both encodings. */
const PATCHES = [
  [0x7f, 0xff, 0xff, 0xff],
  [0x80, 0x00, 0x00, 0x00],
  [0xff, 0xff, 0xff, 0xff, 0x0f],
  [0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
  [0x00],
  [0x40],
];

describe.each(declared.map((one) => ({ name: one.schema.name, ...one })))('$name', (one) => {
  const { schema, codec, versions } = one;

  function full(version: number): Uint8Array {
    writer.begin();
    codec.encode(writer, fullStruct(schema, version), version);
    return writer.finish();
  }

  function decodeAny(bytes: Uint8Array, version: number): void {
    const value = attempt(() => codec.decode(new Reader(bytes), version));
    expect(elements(value)).toBeLessThanOrEqual(bytes.length);
  }

  test('cut short at any byte is refused', () => {
    for (const version of versions) {
      const bytes = full(version);
      for (let end = 0; end < bytes.length; end++) {
        const value = attempt(() => codec.decode(new Reader(bytes, 0, end), version));
        if (value !== null) throw new Error(`version ${version} decoded from ${end} bytes`);
      }
    }
  });

  test('with a hostile count, length or tag anywhere never goes wild', () => {
    for (const version of versions) {
      const bytes = full(version);
      const stride = 1 + Math.floor((bytes.length * versions.length) / 600);
      for (let at = version % stride; at < bytes.length; at += stride) {
        for (const patch of PATCHES) {
          const hostile = bytes.slice();
          hostile.set(patch.slice(0, bytes.length - at), at);
          decodeAny(hostile, version);
        }
      }
    }
  });

  test('made of random bytes never goes wild', () => {
    for (const version of versions) {
      fc.assert(
        fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => decodeAny(bytes, version)),
        { numRuns: 15 },
      );
    }
  });
});

describe('random bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 100 });

  test('as a request header are refused or read', () => {
    fc.assert(fc.property(bytes, (b) => void attempt(() => decodeRequestHeader(new Reader(b)))));
  });

  test('as a metadata record are refused or read', () => {
    const framed = fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 4 }), bytes);
    fc.assert(
      fc.property(framed, ([type, version, rest]) => {
        const record = Uint8Array.of(1, type, version, ...rest);
        attempt(() => decodeMetadataRecord(new Reader(record)));
      }),
      { numRuns: 1000 },
    );
  });
});
