/** Principals in Envelopes: a version, then the data (Kafka: DefaultKafkaPrincipalBuilder). */
import { Reader, WireError } from '../base/reader.ts';
import type { Writer } from '../base/writer.ts';
import {
  decodeDefaultPrincipalData,
  defaultPrincipalData,
  encodeDefaultPrincipalData,
} from './generated/default-principal-data.ts';

const VERSION = 0;

interface Named {
  readonly type: string;
  readonly name: string;
}

export function encodePrincipal(writer: Writer, { type, name }: Named): Uint8Array {
  writer.begin();
  writer.int16(VERSION);
  encodeDefaultPrincipalData(writer, defaultPrincipalData({ type, name }), VERSION);
  return writer.finish();
}

/** null: the bytes are none. */
export function decodePrincipal(bytes: Uint8Array): Named | null {
  try {
    const reader = new Reader(bytes);
    const { type, name } = decodeDefaultPrincipalData(reader, reader.int16());
    return { type, name };
  } catch (problem) {
    if (!(problem instanceof WireError)) throw problem;
    return null;
  }
}
