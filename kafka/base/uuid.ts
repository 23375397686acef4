/**
 * Topic ids, directory ids, incarnation ids: 16 bytes on the wire, here always their text form
 * (URL-safe base64 without padding, 22 characters; Kafka: org.apache.kafka.common.Uuid), so that
 * they compare with `===` and key a Map. Both directions are cached.
 */
export type Uuid = string;

export const ZERO_UUID: Uuid = 'AAAAAAAAAAAAAAAAAAAAAA';
/** The id of `__cluster_metadata` (Uuid.ONE_UUID). */
export const METADATA_TOPIC_ID: Uuid = 'AAAAAAAAAAAAAAAAAAAAAQ';

const UUID_BYTES = 16;
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const SLOTS = 1024;
const cachedBytes: (Uint8Array | null)[] = new Array<Uint8Array | null>(SLOTS).fill(null);
const cachedText: string[] = new Array<string>(SLOTS).fill('');
const bytesByText = new Map<Uuid, Uint8Array>();
/** About 2 MB; runs one after the other have ids of their own. */
const BYTES_CACHE_LIMIT = 8_192;

export function uuidFromBytes(bytes: Uint8Array, start: number): Uuid {
  const slot = slotOf(bytes, start);
  const known = cachedBytes[slot] as Uint8Array | null;
  if (known !== null && sameBytes(known, bytes, start)) return cachedText[slot] as string;
  const copy = bytes.slice(start, start + UUID_BYTES);
  const text = toText(copy);
  cachedBytes[slot] = copy;
  cachedText[slot] = text;
  return text;
}

/** Ids are random: a few of their bytes spread them as well as all of them would. */
function slotOf(bytes: Uint8Array, start: number): number {
  const first = ((bytes[start] as number) << 8) | (bytes[start + 1] as number);
  const last = ((bytes[start + 14] as number) << 8) | (bytes[start + 15] as number);
  return (first ^ (first >>> 6) ^ last) & (SLOTS - 1);
}

function sameBytes(known: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let i = 0; i < UUID_BYTES; i++) if (known[i] !== bytes[start + i]) return false;
  return true;
}

function toText(bytes: Uint8Array): string {
  let text = '';
  for (let bit = 0; bit < 128; bit += 6) {
    const at = bit >> 3;
    const pair =
      ((bytes[at] as number) << 8) | (at + 1 < UUID_BYTES ? (bytes[at + 1] as number) : 0);
    text += ALPHABET[(pair >> (10 - (bit & 7))) & 63];
  }
  return text;
}

/** The 16 bytes of a text form; the result is shared and must not be written to. */
export function uuidToBytes(uuid: Uuid): Uint8Array {
  const known = bytesByText.get(uuid);
  if (known !== undefined) return known;
  const bytes = parseUuid(uuid);
  if (bytes === null) throw new RangeError(`not a uuid in base64 text form: '${uuid}'`);
  if (bytesByText.size >= BYTES_CACHE_LIMIT) bytesByText.clear();
  bytesByText.set(uuid, bytes);
  return bytes;
}

/**
 * Parses a text form, or null when it is none. The last character carries two bits only; one with
 * more would come back as another text, so it is refused.
 */
export function parseUuid(text: string): Uint8Array | null {
  if (text.length !== 22 || !'AQgw'.includes(text.charAt(21))) return null;
  const bytes = new Uint8Array(UUID_BYTES);
  for (let i = 0; i < 22; i++) {
    const value = ALPHABET.indexOf(text[i] as string);
    if (value < 0) return null;
    const bit = i * 6;
    const at = bit >> 3;
    const shifted = value << (10 - (bit & 7));
    bytes[at] = (bytes[at] as number) | (shifted >> 8);
    if (at + 1 < UUID_BYTES) bytes[at + 1] = (bytes[at + 1] as number) | (shifted & 255);
  }
  return bytes;
}
