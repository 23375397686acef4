/**
 * Links to a run: `#v1.…` carries everything that makes it (scenario, seed, what was done to it)
 * with both hashes and marks of its way, so that opening means running it again and comparing;
 * `?scenario=…&seed=…&at=…` names a story of the gallery. What is malformed is refused with its
 * place, never dropped.
 */
import { isPath } from './path-marks.ts';
import { readParts } from './query.ts';
import { isSeed, SEED_RULE } from './seed.ts';

/** Something a person did to a run: it strikes right after event `after`. */
export interface LinkAction {
  readonly after: number;
  readonly fault: Readonly<Record<string, unknown>>;
}

export interface RunLink {
  /** The engine that made the run. */
  readonly engine: string;
  /** As its author wrote it; to be parsed as a scenario by whoever opens the link. */
  readonly scenario: Readonly<Record<string, unknown>>;
  readonly seed: string | number;
  readonly actions: readonly LinkAction[];
  /** The position to show. */
  readonly at: number;
  /** The view to show it in; '' = the first. */
  readonly view: string;
  /** 32 hex digits each; '' when the run was not complete. */
  readonly digest: string;
  readonly traceHash: string;
  /** Events of the run, 0 when it was not complete; and `path-marks.ts` over it, '' then. */
  readonly events: number;
  readonly marks: string;
}

/** A story of the gallery by name. */
export interface GalleryLink {
  readonly name: string;
  readonly seed: string | null;
  readonly at: number;
}

export interface LinkProblem {
  /** What is wrong with which part. */
  readonly message: string;
  /** The text that is wrong, shortened. */
  readonly offending: string;
}

export type ReadLink =
  | { readonly kind: 'run'; readonly link: RunLink }
  | { readonly kind: 'gallery'; readonly link: GalleryLink }
  /** The text asks for nothing. */
  | { readonly kind: 'none' }
  | { readonly kind: 'problem'; readonly problem: LinkProblem };

const PREFIX = '#v1.';
/** A scenario of this size no person wrote; more is an attack on the reader's memory. */
const MAX_JSON_BYTES = 4_000_000;
const OFFENDING_SHOWN = 60;

/** The `#v1.…` part. */
export async function encodeLink(link: RunLink): Promise<string> {
  const bytes = new platform.TextEncoder().encode(canonicalJson(link));
  const packed = await through(new platform.CompressionStream('deflate-raw'), bytes, Infinity);
  return PREFIX + toBase64Url(packed);
}

/** The `?scenario=…` part. */
export function galleryQuery({ name, seed, at }: GalleryLink): string {
  const parts = [`scenario=${encodeURIComponent(name)}`];
  if (seed !== null) parts.push(`seed=${encodeURIComponent(seed)}`);
  if (at > 0) parts.push(`at=${at}`);
  return `?${parts.join('&')}`;
}

/** @param text a whole address, or its part from `?` or `#` on. The part behind `#` goes first. */
export async function readLink(text: string): Promise<ReadLink> {
  const hashAt = text.indexOf('#');
  const hash = hashAt < 0 ? '' : text.slice(hashAt);
  if (hash.length > 1) return readRun(hash);
  const address = hashAt < 0 ? text : text.slice(0, hashAt);
  const queryAt = address.indexOf('?');
  if (queryAt < 0 || queryAt === address.length - 1) return { kind: 'none' };
  return readQuery(address.slice(queryAt + 1));
}

function readQuery(query: string): ReadLink {
  const parts = readParts(query, ['scenario', 'seed', 'at']);
  if ('message' in parts) return refuse(parts.message, parts.offending);
  const name = parts.get('scenario');
  if (name === undefined) return refuse('scenario= is missing', query);
  const link = { name, seed: parts.get('seed') ?? null, at: Number(parts.get('at') ?? 0) };
  return { kind: 'gallery', link };
}

async function readRun(hash: string): Promise<ReadLink> {
  if (!hash.startsWith(PREFIX)) {
    const isLater = /^#v\d+\./.test(hash);
    const message = isLater ? 'made by a newer version of this page' : `must begin with ${PREFIX}`;
    return refuse(message, hash);
  }
  const packed = fromBase64Url(hash.slice(PREFIX.length));
  if ('message' in packed) return { kind: 'problem', problem: packed };
  const bytes = await unpacked(packed.bytes);
  if (bytes === null) {
    // Packed data carries no marks within: where it was changed cannot be told.
    const letters = `the ${hash.length} letters from ${PREFIX} on`;
    return refuse(`damaged or cut off: it does not unpack (${letters})`, inShort(hash));
  }
  const text = new platform.TextDecoder().decode(bytes);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return refuse(`not JSON inside: ${error.message}`, text);
  }
  return checked(json);
}

/** Null when the bytes are not deflated data, or too much of it. */
async function unpacked(bytes: Uint8Array): Promise<Uint8Array | null> {
  try {
    return await through(new platform.DecompressionStream('deflate-raw'), bytes, MAX_JSON_BYTES);
  } catch (error) {
    // Streams report damaged data as errors of several kinds.
    if (error instanceof Error) return null;
    throw error;
  }
}

const HASH = /^([0-9a-f]{32})?$/;

function checked(json: unknown): ReadLink {
  if (!isRecord(json)) return refuse('must be an object', show(json));
  const { engine, scenario, seed, actions = [], at = 0, view = '', digest = '' } = json;
  const { traceHash = '', events = 0, marks = '', ...others } = json;
  for (const key of Object.keys(others)) {
    if (!KEYS.has(key)) return refuse(`unknown field ${key}`, `${key}: ${show(json[key])}`);
  }
  if (typeof engine !== 'string') return refuse('engine must be a text', show(engine));
  if (!isRecord(scenario)) return refuse('scenario must be an object', show(scenario));
  if (!isSeed(seed)) return refuse(SEED_RULE, show(seed));
  if (!isPosition(at)) return refuse('at must be an event number', show(at));
  if (typeof view !== 'string') return refuse('view must be a text', show(view));
  if (typeof digest !== 'string' || !HASH.test(digest)) {
    return refuse('digest must be 32 hex digits', show(digest));
  }
  if (typeof traceHash !== 'string' || !HASH.test(traceHash)) {
    return refuse('traceHash must be 32 hex digits', show(traceHash));
  }
  if (!isPosition(events)) return refuse('events must be a number of events', show(events));
  if (typeof marks !== 'string' || !isPath(marks)) {
    return refuse('marks must be 99 letters', show(marks));
  }
  if (!Array.isArray(actions)) return refuse('actions must be a list', show(actions));
  for (const [index, action] of actions.entries()) {
    if (!isRecord(action) || !isPosition(action['after']) || !isRecord(action['fault'])) {
      return refuse(`actions[${index}] needs after and fault`, show(action));
    }
  }
  const hashes = { digest, traceHash, events, marks };
  const link = { engine, scenario, seed, actions, at, view, ...hashes } as RunLink;
  return { kind: 'run', link };
}

const KEYS: ReadonlySet<string> = new Set([
  'engine',
  'scenario',
  'seed',
  'actions',
  'at',
  'view',
  'digest',
]);

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isPosition(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function show(value: unknown): string {
  return value === undefined ? 'nothing' : JSON.stringify(value);
}

/** Both ends, to be compared with the link as it was sent. */
function inShort(text: string): string {
  const side = OFFENDING_SHOWN / 2;
  if (text.length <= OFFENDING_SHOWN) return text;
  return `${text.slice(0, side - 1)}…${text.slice(-side)}`;
}

function refuse(message: string, offending: string): ReadLink {
  const shown =
    offending.length <= OFFENDING_SHOWN ? offending : `${offending.slice(0, OFFENDING_SHOWN - 1)}…`;
  return { kind: 'problem', problem: { message, offending: shown } };
}

/** JSON with the keys of every object in order, so that equal runs have equal links. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, one: unknown) =>
    isRecord(one) ? Object.fromEntries(Object.entries(one).sort(byKey)) : one,
  );
}

function byKey(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : 0;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

function toBase64Url(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 3) {
    const left = bytes.length - i;
    const group = ((bytes[i] as number) << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0);
    const digits = left >= 3 ? 4 : left + 1;
    for (let d = 0; d < digits; d++) text += DIGITS[(group >> (18 - 6 * d)) & 63];
  }
  return text;
}

function fromBase64Url(text: string): { bytes: Uint8Array } | LinkProblem {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  if (text.length % 4 === 1) return { message: 'cut off: a letter is missing', offending: '' };
  let group = 0;
  let bits = 0;
  let count = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = DIGITS.indexOf(text[i] as string);
    if (digit < 0) {
      const place = PREFIX.length + i + 1;
      const offending = text.slice(i, i + 10);
      return { message: `letter ${place} does not belong into a link`, offending };
    }
    group = ((group << 6) | digit) & 0xffff;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes[count++] = (group >> bits) & 0xff;
  }
  return { bytes: bytes.subarray(0, count) };
}

/** What is used of the platform, which a browser, a worker and Node have alike. */
interface Piece {
  readonly done: boolean;
  readonly value?: Uint8Array;
}
interface Transformer {
  readonly readable: { getReader(): { read(): Promise<Piece>; cancel(): Promise<void> } };
  readonly writable: {
    getWriter(): { write(bytes: Uint8Array): Promise<void>; close(): Promise<void> };
  };
}
interface Platform {
  readonly CompressionStream: new (format: string) => Transformer;
  readonly DecompressionStream: new (format: string) => Transformer;
  readonly TextEncoder: new () => { encode(text: string): Uint8Array };
  readonly TextDecoder: new () => { decode(bytes: Uint8Array): string };
}
const platform = globalThis as unknown as Platform;

/** Throws a RangeError once more than `limit` bytes have come out. */
async function through(stream: Transformer, bytes: Uint8Array, limit: number): Promise<Uint8Array> {
  const writer = stream.writable.getWriter();
  // Their failures come out of the reader as well.
  const written = Promise.all([writer.write(bytes), writer.close()]).catch(() => undefined);
  const reader = stream.readable.getReader();
  const pieces: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done || value === undefined) break;
    pieces.push(value);
    size += value.length;
    if (size > limit) {
      await reader.cancel();
      throw new RangeError(`more than ${limit} bytes`);
    }
  }
  await written;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
