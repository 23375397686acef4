/**
 * Records whose values are the author's own: a header names them, and bytes that are no text are
 * written in hexadecimal digits in scenarios.
 */
import { decodeText, encodeText } from '../../kafka/base/text.ts';
import type { RecordHeader } from '../../kafka/client/commands.ts';

/** The first header of such a record; its value is the record's name, such as `p1-17`. */
export const NAME_HEADER = 'trial-record';

export type ScenarioBytes = string | { readonly hex: string } | null;

/** The name in a record's headers; null when it has none. */
export function nameIn(headers: readonly RecordHeader[]): Uint8Array | null {
  const [first] = headers;
  return first?.key === NAME_HEADER ? first.value : null;
}

export function bytesOf(written: ScenarioBytes): Uint8Array | null {
  if (written === null) return null;
  if (typeof written === 'string') return encodeText(written);
  const { hex } = written;
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) =>
    Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16),
  );
}

/** As text where that gives the same bytes back. */
export function writtenBytes(bytes: Uint8Array): ScenarioBytes {
  const text = decodeText(bytes, 0, bytes.length);
  const again = encodeText(text);
  const same = again.length === bytes.length && again.every((byte, i) => byte === bytes[i]);
  if (same) return text;
  return { hex: Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('') };
}
