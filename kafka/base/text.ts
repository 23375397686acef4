/**
 * Text on the wire: UTF-8 by hand (no TextDecoder: `kafka/` has no DOM or Node types), with an
 * interning table, because the same topic names and client ids are decoded in every frame.
 */

const INTERN_SLOTS = 4096;
const INTERN_MAX_LENGTH = 64;
const interned: string[] = new Array<string>(INTERN_SLOTS).fill('');

/** Decodes `length` bytes from `start`; malformed sequences become U+FFFD, as in Java. */
export function decodeText(bytes: Uint8Array, start: number, length: number): string {
  if (length === 0) return '';
  if (length > INTERN_MAX_LENGTH) return decodeUtf8(bytes, start, length);
  let hash = length;
  let bits = 0;
  for (let i = start; i < start + length; i++) {
    const byte = bytes[i] as number;
    bits |= byte;
    hash = (Math.imul(hash, 31) + byte) | 0;
  }
  if (bits > 127) return decodeUtf8(bytes, start, length);
  const slot = (hash ^ (hash >>> 12)) & (INTERN_SLOTS - 1);
  const known = interned[slot] as string;
  if (known.length === length && sameAscii(known, bytes, start)) return known;
  const text = decodeAscii(bytes, start, length);
  interned[slot] = text;
  return text;
}

function sameAscii(text: string, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < text.length; i++) {
    if (text.charCodeAt(i) !== bytes[start + i]) return false;
  }
  return true;
}

function decodeAscii(bytes: Uint8Array, start: number, length: number): string {
  let text = '';
  for (let i = start; i < start + length; i++) text += String.fromCharCode(bytes[i] as number);
  return text;
}

function decodeUtf8(bytes: Uint8Array, start: number, length: number): string {
  const end = start + length;
  let text = '';
  let i = start;
  while (i < end) {
    const first = bytes[i] as number;
    i += 1;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : first >= 0xc2 ? 1 : 0;
    if (more === 0 || first > 0xf4) {
      text += '\ufffd';
      continue;
    }
    let code = first & (0x3f >> more);
    let read = 0;
    while (read < more && i < end && continues(first, read, bytes[i] as number)) {
      code = (code << 6) | ((bytes[i] as number) & 0x3f);
      i += 1;
      read += 1;
    }
    text += read === more ? String.fromCodePoint(code) : '\ufffd';
  }
  return text;
}

/**
 * Whether `byte` may follow. The second byte is where overlong forms, surrogates and code points
 * beyond Unicode show; it then begins anew, so that each bad byte counts as Java counts it.
 */
function continues(first: number, index: number, byte: number): boolean {
  if ((byte & 0xc0) !== 0x80) return false;
  if (index > 0) return true;
  if (first === 0xe0) return byte >= 0xa0;
  if (first === 0xed) return byte <= 0x9f;
  if (first === 0xf0) return byte >= 0x90;
  return first !== 0xf4 || byte <= 0x8f;
}

/** The number of bytes that `encodeText` will write. */
export function textSizeBytes(text: string): number {
  let size = text.length;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x80) continue;
    if (unit < 0x800) size += 1;
    else if (unit >= 0xd800 && unit <= 0xdbff && isLow(text.charCodeAt(i + 1))) {
      size += 2;
      i += 1;
    } else size += 2;
  }
  return size;
}

function isLow(unit: number): boolean {
  return unit >= 0xdc00 && unit <= 0xdfff;
}

/** Writes `text` as UTF-8 at `position` and returns the end. Lone surrogates become U+FFFD. */
export function encodeTextInto(text: string, bytes: Uint8Array, position: number): number {
  let at = position;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code < 0x80) {
      bytes[at++] = code;
      continue;
    }
    if (code >= 0xd800 && code <= 0xdfff) {
      const low = text.charCodeAt(i + 1);
      if (code <= 0xdbff && isLow(low)) {
        code = 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
        i += 1;
      } else code = 0xfffd;
    }
    if (code < 0x800) {
      bytes[at++] = 0xc0 | (code >> 6);
    } else {
      if (code < 0x10000) bytes[at++] = 0xe0 | (code >> 12);
      else {
        bytes[at++] = 0xf0 | (code >> 18);
        bytes[at++] = 0x80 | ((code >> 12) & 0x3f);
      }
      bytes[at++] = 0x80 | ((code >> 6) & 0x3f);
    }
    bytes[at++] = 0x80 | (code & 0x3f);
  }
  return at;
}

export function encodeText(text: string): Uint8Array {
  const bytes = new Uint8Array(textSizeBytes(text));
  encodeTextInto(text, bytes, 0);
  return bytes;
}
