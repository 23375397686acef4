import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Reader } from '../../kafka/base/reader.ts';
import { Writer } from '../../kafka/base/writer.ts';
import { declared } from '../unit/wire/support/codecs.ts';
import { referenceEncode } from '../unit/wire/support/reference-encoder.ts';
import { arbitraryStruct, defaultStruct, fullStruct } from '../unit/wire/support/values.ts';

const RUNS_PER_VERSION = 12;
const writer = new Writer();

describe.each(declared.map((one) => ({ name: one.schema.name, ...one })))('$name', (one) => {
  const { schema, codec, create, versions } = one;

  function encode(value: unknown, version: number): Uint8Array {
    writer.begin();
    codec.encode(writer, value, version);
    return writer.finish();
  }

  function decode(bytes: Uint8Array, version: number): unknown {
    // The range does not begin at zero, as in a frame.
    const framed = new Uint8Array(bytes.length + 5);
    framed.set(bytes, 3);
    const reader = new Reader(framed, 3, 3 + bytes.length);
    const value = codec.decode(reader, version);
    expect(reader.remaining).toBe(0);
    return value;
  }

  test('is encoded as declared and decodes to what was encoded', () => {
    for (const version of versions) {
      fc.assert(
        fc.property(arbitraryStruct(schema, version), (value) => {
          const bytes = encode(value, version);

          expect(Buffer.from(bytes).equals(referenceEncode(schema, value, version))).toBe(true);
          expect(decode(bytes, version)).toEqual(value);
        }),
        { numRuns: RUNS_PER_VERSION },
      );
    }
  });

  test('keeps every field of a message with all fields set', () => {
    for (const version of versions) {
      const value = fullStruct(schema, version);

      expect(decode(encode(value, version), version)).toEqual(value);
    }
  });

  test('is made with the declared defaults', () => {
    expect(create()).toEqual(defaultStruct(schema));
  });
});
