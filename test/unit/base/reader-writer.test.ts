import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { InvariantBroken } from '../../../kafka/base/assert.ts';
import { Reader, WireError, type WireErrorKind } from '../../../kafka/base/reader.ts';
import { Writer } from '../../../kafka/base/writer.ts';

function written(write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer();
  writer.begin();
  write(writer);
  return writer.finish();
}

function failure(action: () => unknown): WireErrorKind | null {
  try {
    action();
  } catch (problem) {
    if (problem instanceof WireError) return problem.kind;
    throw problem;
  }
  return null;
}

const safe = fc.maxSafeInteger();
const edges = [
  0,
  -1,
  2 ** 31 - 1,
  -(2 ** 31),
  2 ** 32 - 1,
  2 ** 32,
  -(2 ** 32),
  Number.MAX_SAFE_INTEGER,
  Number.MIN_SAFE_INTEGER,
];
const int64s = fc.oneof(safe, fc.constantFrom(...edges));

describe('an int64', () => {
  test('is written as Buffer writes it and comes back', () => {
    fc.assert(
      fc.property(int64s, (value) => {
        const expected = Buffer.alloc(8);
        expected.writeBigInt64BE(BigInt(value));

        const bytes = written((w) => w.int64(value));

        expect(Buffer.from(bytes)).toEqual(expected);
        expect(new Reader(bytes).int64()).toBe(value);
      }),
    );
  });

  test('beyond what a number holds exactly is refused, and only then', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        const bytes = Buffer.alloc(8);
        bytes.writeBigInt64BE(value);
        const isSafe = Number.isSafeInteger(Number(value)) && BigInt(Number(value)) === value;

        const kind = failure(() => new Reader(bytes).int64());

        expect(kind).toBe(isSafe ? null : 'unsafe-int64');
      }),
      { examples: [[2n ** 53n], [2n ** 53n - 1n], [-(2n ** 53n)], [1n - 2n ** 53n]] },
    );
  });

  test('that is no safe integer is never written', () => {
    for (const value of [2 ** 53, 0.5, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => written((w) => w.int64(value))).toThrow(InvariantBroken);
    }
  });
});

describe('fixed-width numbers', () => {
  test('are written as Buffer writes them and come back', () => {
    fc.assert(
      fc.property(fc.integer(), fc.double({ noNaN: true }), (value, float) => {
        const expected = Buffer.alloc(8 + 7 + 7);
        expected.writeDoubleBE(float, 0);
        expected.writeInt32BE(value, 8);
        expected.writeUInt32BE(value >>> 0, 12);
        expected.writeInt16BE((value << 16) >> 16, 16);
        expected.writeUInt16BE(value & 0xffff, 18);
        expected.writeInt8((value << 24) >> 24, 20);
        expected.writeUInt8(value & 1, 21);

        const bytes = written((w) => {
          w.float64(float);
          w.int32(value);
          w.uint32(value >>> 0);
          w.int16((value << 16) >> 16);
          w.uint16(value & 0xffff);
          w.int8((value << 24) >> 24);
          w.boolean((value & 1) === 1);
        });

        expect(Buffer.from(bytes)).toEqual(expected);
        const r = new Reader(bytes);
        const back = [r.float64(), r.int32(), r.uint32(), r.int16(), r.uint16(), r.int8()];
        expect(back).toEqual([
          float,
          value,
          value >>> 0,
          (value << 16) >> 16,
          value & 0xffff,
          (value << 24) >> 24,
        ]);
        expect(r.boolean()).toBe((value & 1) === 1);
      }),
    );
  });
});

/** Seven bits a byte, least significant first, of a value of any size. */
function varintOf(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return [...bytes, Number(rest)];
}

function zigZag(value: bigint): bigint {
  return value < 0n ? -value * 2n - 1n : value * 2n;
}

describe('varints', () => {
  test('are written seven bits a byte and come back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (value) => {
        const bytes = written((w) => w.unsignedVarint(value));

        expect([...bytes]).toEqual(varintOf(BigInt(value)));
        expect(new Reader(bytes).unsignedVarint()).toBe(value);
      }),
      { examples: edges.filter((e) => e >= 0 && e < 2 ** 32).map((e) => [e]) },
    );
  });

  test('with a sign are zig-zag coded and come back', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        const bytes = written((w) => w.varint(value));

        expect([...bytes]).toEqual(varintOf(zigZag(BigInt(value))));
        expect(new Reader(bytes).varint()).toBe(value);
      }),
      { examples: [[-(2 ** 31)], [2 ** 31 - 1], [-1], [0]] },
    );
  });

  test('of 64 bits are zig-zag coded and come back', () => {
    fc.assert(
      fc.property(int64s, (value) => {
        const bytes = written((w) => w.varlong(value));

        expect([...bytes]).toEqual(varintOf(zigZag(BigInt(value))));
        expect(new Reader(bytes).varlong()).toBe(value);
      }),
      { numRuns: 1000, examples: edges.map((e) => [e]) },
    );
  });

  test('of 64 bits beyond what a number holds exactly are refused', () => {
    const limits = [2n ** 53n, -(2n ** 53n), 2n ** 63n - 1n, -(2n ** 63n)];
    for (const value of limits) {
      const bytes = Uint8Array.from(varintOf(zigZag(value)));
      expect(
        failure(() => new Reader(bytes).varlong()),
        `${value}`,
      ).toBe('unsafe-int64');
    }
  });

  test('that are too long are refused', () => {
    const long = new Uint8Array(12).fill(0x80);

    expect(failure(() => new Reader(long).unsignedVarint())).toBe('invalid-value');
    expect(failure(() => new Reader(long).varlong())).toBe('invalid-value');
    const beyond32Bits = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x10);
    expect(failure(() => new Reader(beyond32Bits).unsignedVarint())).toBe('invalid-value');
  });
});

describe('a reader', () => {
  test('never reads past its end, though the bytes go on', () => {
    const reads: ((r: Reader) => unknown)[] = [
      (r) => r.int8(),
      (r) => r.int16(),
      (r) => r.int32(),
      (r) => r.int64(),
      (r) => r.float64(),
      (r) => r.uuid(),
      (r) => r.string(),
      (r) => r.compactString(),
      (r) => r.byteArray(),
      (r) => r.varlong(),
      (r) => r.skipTags(),
    ];
    for (const read of reads) {
      expect(failure(() => read(new Reader(new Uint8Array(64), 10, 10)))).toBe('truncated');
    }
  });

  test('refuses an array count that cannot fit before anything is made for it', () => {
    const count = (value: number, min: number) => {
      const bytes = new Uint8Array([...written((w) => w.int32(value)), ...new Uint8Array(40)]);
      return new Reader(bytes).arrayLength(min);
    };

    expect(count(40, 1)).toBe(40);
    expect(count(10, 4)).toBe(10);
    expect(count(-1, 4)).toBe(-1);
    expect(failure(() => count(41, 1))).toBe('invalid-length');
    expect(failure(() => count(11, 4))).toBe('invalid-length');
    expect(failure(() => count(41, 0))).toBe('invalid-length');
    expect(failure(() => count(2 ** 31 - 1, 0))).toBe('invalid-length');
    expect(failure(() => count(-2, 4))).toBe('invalid-length');
  });

  test('refuses lengths below null and null where it is not allowed', () => {
    const lengths = (value: number) => written((w) => w.int16(value));

    expect(new Reader(lengths(-1)).nullableString()).toBeNull();
    expect(failure(() => new Reader(lengths(-1)).string())).toBe('invalid-length');
    expect(failure(() => new Reader(lengths(-2)).nullableString())).toBe('invalid-length');
    expect(failure(() => new Reader(Uint8Array.of(0)).compactString())).toBe('invalid-length');
    expect(failure(() => new Reader(Uint8Array.of(0)).compactByteArray())).toBe('invalid-length');
  });
});

describe('a writer', () => {
  test('keeps every piece intact, however many slabs it goes through', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 12 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const writer = new Writer();
        const pieces = lengths.map((length, i) => {
          writer.begin();
          writer.int32(0);
          writer.raw(new Uint8Array(length).fill(i + 1));
          writer.patchInt32(0, length);
          return writer.finish();
        });

        pieces.forEach((piece, i) => {
          const reader = new Reader(piece);
          const length = lengths[i] as number;
          expect(reader.int32()).toBe(length);
          expect(reader.remaining).toBe(length);
          expect(piece.subarray(4).every((byte) => byte === i + 1)).toBe(true);
        });
      }),
      { numRuns: 50 },
    );
  });

  test('forgets an unfinished piece when it begins anew', () => {
    const writer = new Writer();
    writer.begin();
    writer.int32(1);
    writer.begin();
    writer.int8(2);

    expect([...writer.finish()]).toEqual([2]);
  });

  test('writes the size of a tag before its content, however long that is', () => {
    for (const size of [0, 1, 127, 128, 16_383, 16_384, 2_097_151, 2_097_152]) {
      const bytes = written((w) => {
        w.int8(9);
        const start = w.beginTag(5);
        w.raw(new Uint8Array(size).fill(7));
        w.endTag(start);
        w.int8(8);
      });

      const reader = new Reader(bytes);
      expect([reader.int8(), reader.unsignedVarint(), reader.unsignedVarint()]).toEqual([
        9,
        5,
        size,
      ]);
      expect(reader.view(size).every((byte) => byte === 7)).toBe(true);
      expect(reader.int8()).toBe(8);
      expect(reader.remaining).toBe(0);
    }
  });

  test('pieces with large values are what small steps would have made, and stay so', () => {
    const value = fc.oneof(
      fc.uint8Array({ minLength: 0, maxLength: 40 }),
      fc.integer({ min: 4_000, max: 9_000 }).map((size) => new Uint8Array(size).fill(size & 255)),
    );
    const inTag = fc.boolean();
    const property = fc.property(
      fc.array(fc.array(fc.record({ value, inTag }), { maxLength: 6 }), { maxLength: 8 }),
      (pieces) => {
        const writer = new Writer();
        const made = pieces.map((parts) => {
          writer.begin();
          writer.int32(0);
          const expected = [0, 0, 0, 0];
          for (const one of parts) {
            if (one.inTag) {
              const tag = writer.beginTag(3);
              writer.raw(one.value);
              writer.endTag(tag);
              expected.push(...written((w) => w.unsignedVarint(3)));
              expected.push(...written((w) => w.unsignedVarint(one.value.length)));
            } else writer.raw(one.value);
            expected.push(...one.value);
          }
          const { length } = writer;
          writer.patchInt32(0, length);
          expected.splice(0, 4, ...written((w) => w.int32(length)));
          return { bytes: writer.finish(), expected: Uint8Array.from(expected), length };
        });

        for (const { bytes, expected, length } of made) {
          expect(length).toBe(expected.length);
          expect(bytes).toEqual(expected);
        }
      },
    );
    fc.assert(property, { numRuns: 60 });
  });

  test('refuses a string that its length field cannot tell', () => {
    expect(() => written((w) => w.string('x'.repeat(32_768)))).toThrow(InvariantBroken);
    expect(written((w) => w.string('x'.repeat(32_767))).length).toBe(32_769);
  });
});
