/**
 * What the generated codecs share: arrays of scalars, and the typed errors for versions, fields and
 * nulls that the wire does not allow. Kafka's generated classes do the same (KIP-482 encodings).
 */
import { type Reader, WireError } from '../base/reader.ts';
import type { Uuid } from '../base/uuid.ts';
import type { Writer } from '../base/writer.ts';

/** Encodes and decodes one message in all its versions; other versions are a `WireError`. */
export interface MessageCodec<T> {
  readonly name: string;
  readonly minVersion: number;
  readonly maxVersion: number;
  /** The first flexible version; Infinity when there is none. */
  readonly flexibleFrom: number;
  encode(writer: Writer, message: T, version: number): void;
  /** Byte arrays of the result are views into the reader's bytes. */
  decode(reader: Reader, version: number): T;
}

export const EMPTY_BYTES = new Uint8Array(0);

export function unsupportedVersion(message: string, version: number): WireError {
  return new WireError('unsupported-version', `${message} has no version ${version}`);
}

/** The field has a value that the version cannot carry and that may not be dropped silently. */
export function unsupportedField(field: string, version: number): WireError {
  return new WireError('unsupported-version', `version ${version} cannot carry ${field}`);
}

export function nullRefused(field: string): never {
  throw new WireError('invalid-length', `${field} is null in a version that does not allow it`);
}

/** Where the content of a tag ends; the reader is at the tag's size. */
export function readTagEnd(r: Reader): number {
  const size = r.unsignedVarint();
  if (size > r.remaining) {
    throw new WireError('truncated', `tag of ${size} bytes, ${r.remaining} left`);
  }
  return r.position + size;
}

export function expectTagEnd(r: Reader, end: number, tag: number, message: string): void {
  if (r.position === end) return;
  throw new WireError('invalid-length', `content of tag ${tag} of ${message} has another size`);
}

/** Throws when bytes are left over after a body. */
export function expectEnd(r: Reader, message: string): void {
  if (r.position === r.end) return;
  throw new WireError('trailing-bytes', `${r.remaining} bytes after ${message}`);
}

export function readLength(r: Reader, flexible: boolean, elementMinBytes: number): number {
  return flexible ? r.compactArrayLength(elementMinBytes) : r.arrayLength(elementMinBytes);
}

export function writeLength(w: Writer, flexible: boolean, length: number): void {
  if (flexible) w.compactArrayLength(length);
  else w.arrayLength(length);
}

export function readInt32s(r: Reader, flexible: boolean): number[] | null {
  const count = readLength(r, flexible, 4);
  if (count < 0) return null;
  const items = new Array<number>(count);
  for (let i = 0; i < count; i++) items[i] = r.int32();
  return items;
}
export function writeInt32s(w: Writer, items: readonly number[] | null, flexible: boolean): void {
  writeLength(w, flexible, items === null ? -1 : items.length);
  if (items === null) return;
  for (let i = 0; i < items.length; i++) w.int32(items[i] as number);
}

export function readInt64s(r: Reader, flexible: boolean): number[] | null {
  const count = readLength(r, flexible, 8);
  if (count < 0) return null;
  const items = new Array<number>(count);
  for (let i = 0; i < count; i++) items[i] = r.int64();
  return items;
}
export function writeInt64s(w: Writer, items: readonly number[] | null, flexible: boolean): void {
  writeLength(w, flexible, items === null ? -1 : items.length);
  if (items === null) return;
  for (let i = 0; i < items.length; i++) w.int64(items[i] as number);
}

export function readStrings(r: Reader, flexible: boolean): string[] | null {
  const count = readLength(r, flexible, flexible ? 1 : 2);
  if (count < 0) return null;
  const items = new Array<string>(count);
  for (let i = 0; i < count; i++) items[i] = flexible ? r.compactString() : r.string();
  return items;
}
export function writeStrings(w: Writer, items: readonly string[] | null, flexible: boolean): void {
  writeLength(w, flexible, items === null ? -1 : items.length);
  if (items === null) return;
  for (let i = 0; i < items.length; i++) {
    if (flexible) w.compactString(items[i] as string);
    else w.string(items[i] as string);
  }
}

export function readUuids(r: Reader, flexible: boolean): Uuid[] | null {
  const count = readLength(r, flexible, 16);
  if (count < 0) return null;
  const items = new Array<Uuid>(count);
  for (let i = 0; i < count; i++) items[i] = r.uuid();
  return items;
}
export function writeUuids(w: Writer, items: readonly Uuid[] | null, flexible: boolean): void {
  writeLength(w, flexible, items === null ? -1 : items.length);
  if (items === null) return;
  for (let i = 0; i < items.length; i++) w.uuid(items[i] as Uuid);
}
