import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeText, encodeText, textSizeBytes } from '../../../kafka/base/text.ts';

const platform = new TextDecoder('utf-8', { ignoreBOM: true });

/** Bytes that are nearly UTF-8: whole characters, and lead and continuation bytes on their own. */
const nearlyText = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 3 }).map((text) => [...Buffer.from(text)]),
      fc.constantFrom([0xc0], [0xc2], [0xe0], [0xed], [0xef], [0xf0], [0xf4], [0xf5], [0xff]),
      fc.constantFrom([0x80], [0x8f], [0x90], [0x9f], [0xa0], [0xbf]),
    ),
    { maxLength: 60 },
  )
  .map((parts) => Uint8Array.from(parts.flat()));

describe('text', () => {
  test('is encoded as Buffer encodes it, lone surrogates included', () => {
    const units = fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 });
    const texts = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 80 }),
      units.map((codes) => String.fromCharCode(...codes)),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const bytes = encodeText(text);

        expect(Buffer.from(bytes)).toEqual(Buffer.from(text, 'utf8'));
        expect(textSizeBytes(text)).toBe(bytes.length);
      }),
      { numRuns: 500 },
    );
  });

  test('is decoded as the platform decodes it, malformed bytes included', () => {
    fc.assert(
      fc.property(nearlyText, fc.nat({ max: 5 }), (bytes, before) => {
        const padded = new Uint8Array(before + bytes.length + 3).fill(0xbf);
        padded.set(bytes, before);

        expect(decodeText(padded, before, bytes.length)).toBe(platform.decode(bytes));
      }),
      { numRuns: 3000 },
    );
  });

  test('is never mixed up by the table of known names', () => {
    const names = Array.from({ length: 20_000 }, (_, i) => `topic-${i * 7919}`);
    for (const name of [...names, ...names]) {
      const bytes = encodeText(name);
      if (decodeText(bytes, 0, bytes.length) !== name) expect.fail(name);
    }
  });
});
