/**
 * A picture of any object as a tree of plain data, for looking at: cycles and what a reader does
 * not want (hosts, functions) are named instead of followed, and size is bounded.
 */
import { apis } from '../../kafka/wire/apis.ts';
import { ErrorCode } from '../../kafka/wire/errors.ts';

const MAX_DEPTH = 12;
const MAX_ENTRIES = 200;
const MAX_VALUES = 20_000;
const BYTES_SHOWN = 32;
/** A node's doors to its host: behind them lie the laboratory and all other nodes. */
export const DOORS: readonly string[] = [
  ...['host', 'clock', 'network', 'disk', 'random', 'trace', 'codecs', 'crypto'],
];
/** Doors, settings and tables, which say nothing of the state at hand. */
const LEFT_OUT: ReadonlySet<string> = new Set([
  ...DOORS,
  'context',
  'config',
  'dynamicConfigs',
  'options',
  'settings',
  'table',
]);

const errorNames: ReadonlyMap<number, string> = new Map(
  Object.entries(ErrorCode).map(([name, code]) => [code, name]),
);
const apiNames: ReadonlyMap<number, string> = new Map(
  Object.values(apis).map((one) => [one.key, one.name]),
);

export function plainOf(value: unknown): unknown {
  return new Painter(value).paint(value, '', 0);
}

class Painter {
  /** Where each object is nearest to the root: there it is painted, elsewhere it is named. */
  private readonly places: ReadonlyMap<object, string>;
  private left = MAX_VALUES;

  constructor(root: unknown) {
    this.places = placesIn(root);
  }

  paint(value: unknown, path: string, depth: number): unknown {
    this.left -= 1;
    if (typeof value === 'function') return undefined;
    if (typeof value === 'bigint') return String(value);
    if (typeof value !== 'object' || value === null) return plainScalar(value, path);
    if (value instanceof Uint8Array) return bytesText(value);
    if (ArrayBuffer.isView(value)) return numbersText(value as unknown as ArrayLike<number>);
    const place = this.places.get(value) ?? path;
    if (place !== path) return `→ ${place === '' ? 'the whole' : place}`;
    if (depth > MAX_DEPTH || this.left <= 0) return '…';
    if (value instanceof Map) return this.map(value, path, depth);
    if (value instanceof Set) return this.list([...value], path, depth);
    if (Array.isArray(value)) return this.list(value, path, depth);
    return this.object(value as Record<string, unknown>, path, depth);
  }

  private object(value: Record<string, unknown>, path: string, depth: number): unknown {
    const tree: Record<string, unknown> = {};
    for (const key of Object.keys(value)) {
      if (LEFT_OUT.has(key)) continue;
      const inner = this.paint(value[key], inside(path, key), depth + 1);
      if (inner !== undefined) tree[key] = inner;
    }
    return tree;
  }

  private map(value: ReadonlyMap<unknown, unknown>, path: string, depth: number): unknown {
    const tree: Record<string, unknown> = {};
    let count = 0;
    for (const [key, inner] of value) {
      if (count === MAX_ENTRIES) {
        tree['…'] = `${value.size - count} more`;
        break;
      }
      count += 1;
      const name = keyText(key);
      const painted = this.paint(inner, inside(path, name), depth + 1);
      if (painted !== undefined) tree[name] = painted;
    }
    return tree;
  }

  private list(value: readonly unknown[], path: string, depth: number): unknown {
    const painted = value
      .slice(0, MAX_ENTRIES)
      .map((one, place) => this.paint(one, `${path}[${place}]`, depth + 1) ?? null);
    if (value.length > MAX_ENTRIES) painted.push(`… ${value.length - MAX_ENTRIES} more`);
    return painted;
  }
}

/** Every object that can be reached, breadth first, as far as a picture goes. */
function placesIn(root: unknown): Map<object, string> {
  const places = new Map<object, string>();
  const waiting: [value: unknown, path: string][] = [[root, '']];
  for (let at = 0; at < waiting.length && places.size < MAX_VALUES; at++) {
    const [value, path] = waiting[at] as [unknown, string];
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) continue;
    if (places.has(value)) continue;
    places.set(value, path);
    for (const one of childrenOf(value, path)) waiting.push(one);
  }
  return places;
}

function childrenOf(value: object, path: string): [unknown, string][] {
  if (value instanceof Map) {
    const entries = [...value].slice(0, MAX_ENTRIES);
    return entries.map(([key, inner]) => [inner, inside(path, keyText(key))]);
  }
  if (value instanceof Set || Array.isArray(value)) {
    const entries = [...value].slice(0, MAX_ENTRIES);
    return entries.map((inner: unknown, place) => [inner, `${path}[${place}]`]);
  }
  const kept = Object.entries(value).filter(([key]) => !LEFT_OUT.has(key));
  return kept.map(([key, inner]) => [inner, inside(path, key)]);
}

function plainScalar(value: unknown, path: string): unknown {
  if (value === undefined) return undefined;
  if (typeof value !== 'number') return value;
  if (!Number.isFinite(value)) return value > 0 ? '∞' : String(value);
  const key = path.slice(path.lastIndexOf('.') + 1);
  if (/errorCode$/i.test(key)) return `${value} ${errorNames.get(value) ?? 'unknown'}`;
  if (/^(requestApiKey|apiKey)$/.test(key)) return `${value} ${apiNames.get(value) ?? 'unknown'}`;
  return value;
}

function inside(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function keyText(key: unknown): string {
  if (typeof key !== 'object' || key === null) return String(key);
  const named = key as { readonly name?: unknown; readonly id?: unknown };
  return String(named.name ?? named.id ?? 'object');
}

/** `5 bytes 68 65 6c 6c 6f “hello”` */
export function bytesText(bytes: Uint8Array): string {
  const shown = bytes.subarray(0, BYTES_SHOWN);
  const more = bytes.length > shown.length ? ' …' : '';
  const printable = shown.length > 0 && shown.every((byte) => byte >= 0x20 && byte < 0x7f);
  const text = printable ? `“${String.fromCharCode(...shown)}”` : hex(shown);
  return `${bytes.length} bytes${shown.length === 0 ? '' : ` ${text}`}${more}`;
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(' ');
}

function numbersText(values: ArrayLike<number>): string {
  const shown = Array.from({ length: Math.min(values.length, BYTES_SHOWN) }, (_, i) => values[i]);
  return `${values.length} numbers: ${shown.join(' ')}${values.length > shown.length ? ' …' : ''}`;
}
