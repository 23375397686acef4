/** Bytes as text and back: RFC 4648, with padding. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

const VALUES = new Int16Array(128).fill(-1);
for (let i = 0; i < LETTERS.length; i++) VALUES[LETTERS.charCodeAt(i)] = i;

export function toBase64(bytes: Uint8Array): string {
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const first = bytes[at] as number;
    const second = left > 1 ? (bytes[at + 1] as number) : 0;
    const third = left > 2 ? (bytes[at + 2] as number) : 0;
    const word = (first << 16) | (second << 8) | third;
    pieces.push(
      (LETTERS[word >> 18] as string) +
        (LETTERS[(word >> 12) & 63] as string) +
        (left > 1 ? (LETTERS[(word >> 6) & 63] as string) : '=') +
        (left > 2 ? (LETTERS[word & 63] as string) : '='),
    );
  }
  return pieces.join('');
}

/** null: that is no base64. */
export function fromBase64(text: string): Uint8Array | null {
  if (text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let written = 0;
  for (let at = 0; at < text.length; at += 4) {
    const isLast = at + 4 === text.length;
    let word = 0;
    for (let i = 0; i < 4; i++) {
      const code = text.charCodeAt(at + i);
      const isPadding = isLast && i >= 4 - padding;
      const value = isPadding ? 0 : code < 128 ? (VALUES[code] as number) : -1;
      if (value < 0) return null;
      word = (word << 6) | value;
    }
    for (let i = 0; i < 3 && written < bytes.length; i++) {
      bytes[written++] = (word >> (16 - 8 * i)) & 255;
    }
  }
  return bytes;
}
