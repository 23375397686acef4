/** The `.trial` file of a run so far. */
import packageJson from '../package.json' with { type: 'json' };
import type { RunReport } from '../sim/run/report.ts';
import type { Scenario } from '../sim/scenario/schema.ts';
import { writeTraceFile } from '../sim/trace/file.ts';
import type { World } from '../sim/world.ts';
import { TrialError } from './errors.ts';

/** @param run what it comes from; `report` once it has been judged. */
export function traceBytes(
  world: World,
  run: { readonly scenario: Scenario; readonly report: RunReport | null },
): Uint8Array {
  const { rows } = world.trace;
  if (rows === null) throw new TrialError('the trace of this cluster was not kept');
  const header = {
    scenario: run.scenario,
    seed: world.seed,
    digest: world.digest(),
    traceHash: world.traceHash(),
    engine: packageJson.version,
  };
  const { report } = run;
  const pieces = writeTraceFile(report === null ? header : { ...header, report }, rows);
  const bytes = new Uint8Array(pieces.reduce((size, piece) => size + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
