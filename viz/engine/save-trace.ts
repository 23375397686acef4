/** The bytes of a `.trial` file of a run on the page: the same file that the command line writes. */
import { writeTraceFile } from '../../sim/trace/file.ts';
import type { RunSlot } from '../app/services.ts';
import { ENGINE_VERSION } from './version.ts';

export function traceFileOf({ store }: RunSlot): Uint8Array {
  const { identity } = store;
  if (identity === null || !store.complete) throw new Error('The run is not complete yet.');
  const { scenario, digest, traceHash, report, seed } = identity;
  const header = { scenario, seed: String(seed), digest, traceHash, engine: ENGINE_VERSION };
  const pieces = writeTraceFile(report === null ? header : { ...header, report }, store.rows);
  return joined(pieces);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((total, one) => total + one.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
