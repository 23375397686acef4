import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromBase64, toBase64 } from '../../../journal/base64.ts';

test('base64 is what everybody else’s is, and comes back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      const text = toBase64(bytes);

      expect(text).toBe(Buffer.from(bytes).toString('base64'));
      expect(fromBase64(text)).toEqual(bytes);
    }),
  );
});

test.each(['a', 'ab', 'abc', 'a===', '====', 'ab=c', 'äbcd', 'ab-_', 'abcd=', 'ab\n='])(
  '%j is none',
  (text) => {
    expect(fromBase64(text)).toBeNull();
  },
);
