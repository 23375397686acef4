import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  METADATA_TOPIC_ID,
  parseUuid,
  uuidFromBytes,
  uuidToBytes,
  ZERO_UUID,
} from '../../../kafka/base/uuid.ts';

const sixteen = fc.uint8Array({ minLength: 16, maxLength: 16 });

describe('a uuid', () => {
  test('has the URL-safe base64 text of its bytes, and the bytes of its text', () => {
    fc.assert(
      fc.property(sixteen, fc.nat({ max: 4 }), (bytes, before) => {
        const padded = new Uint8Array(before + 20);
        padded.set(bytes, before);

        const text = uuidFromBytes(padded, before);

        expect(text).toBe(Buffer.from(bytes).toString('base64url'));
        expect(uuidToBytes(text)).toEqual(bytes);
      }),
      { numRuns: 1000 },
    );
  });

  test('keeps its text when the bytes it was read from change', () => {
    const bytes = new Uint8Array(16).fill(3);
    const text = uuidFromBytes(bytes, 0);
    bytes.fill(4);

    expect(uuidFromBytes(new Uint8Array(16).fill(3), 0)).toBe(text);
    expect(uuidFromBytes(bytes, 0)).not.toBe(text);
  });

  test('zero and one are the reserved ones', () => {
    expect([...uuidToBytes(ZERO_UUID)]).toEqual(new Array(16).fill(0));
    expect([...uuidToBytes(METADATA_TOPIC_ID)]).toEqual([...new Array(15).fill(0), 1]);
  });

  test('is not read from a text that is none, or would come back as another', () => {
    for (const text of ['', 'AAAA', 'A'.repeat(23), `${'A'.repeat(21)}+`, `${'A'.repeat(21)}B`]) {
      expect(parseUuid(text)).toBeNull();
      expect(() => uuidToBytes(text)).toThrow(RangeError);
    }
  });
});
