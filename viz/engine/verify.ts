/**
 * What a file or a link says of a run, checked by running it again here: both hashes must come out
 * the same. Another engine may tell other events; then event numbers mean something else, and that
 * is said.
 */

import { count } from '../../sim/run/words.ts';
import type { RunSlot, RunSpec } from '../app/services.ts';
import type { AppStore } from '../app/store.ts';
import { type Parting, partingOf, type RunPath } from '../model/path-marks.ts';
import type { RunHandle } from './lab-client.ts';
import { firstDifference } from './prefix.ts';
import { ENGINE_VERSION } from './version.ts';

/** What was said of the run; '' where nothing was said. */
export interface Said {
  readonly digest: string;
  readonly traceHash: string;
  readonly engine: string;
}

export type Rerun = (spec: RunSpec, quiet: boolean) => Promise<RunHandle>;

export function agrees(said: Said, found: { digest: string; traceHash: string }): boolean {
  const same = (one: string, other: string) => one === '' || one === other;
  return same(said.digest, found.digest) && same(said.traceHash, found.traceHash);
}

/** The first sentence of every complaint. */
export function madeWith(said: Said): string {
  if (said.engine === ENGINE_VERSION || said.engine === '') {
    return `It was changed since, or another build of engine ${ENGINE_VERSION} made it.`;
  }
  return `It was made with engine ${said.engine}, this is ${ENGINE_VERSION}.`;
}

/** Of a link, or a failure file, which has no path: the run on screen is the re-run. */
export function verifyLink(
  app: AppStore,
  slot: RunSlot,
  { said, path }: { readonly said: Said; readonly path: RunPath | null },
): void {
  const { identity } = slot.store;
  if (identity === null || agrees(said, identity)) return;
  const isTold = said.traceHash === '' || said.traceHash === identity.traceHash;
  app.notify('error', 'This is not quite the run that the link was made from', [
    madeWith(said),
    ...(isTold
      ? ['The events are told alike, but bytes or times differ.']
      : partingWords(path, path === null ? null : partingOf(slot.store, path))),
    `link  digest ${said.digest || '—'}  trace ${said.traceHash || '—'}`,
    `here  digest ${identity.digest}  trace ${identity.traceHash}`,
  ]);
}

/** Where the two runs part, and what that means for the event that the link points to. */
function partingWords(path: RunPath | null, parting: Parting | null): string[] {
  const moved = 'Event numbers have moved: the position in the link may not be the one meant.';
  if (path === null || parting === null) return [moved];
  const { same, differsBy } = parting;
  const { at, events } = path;
  if (differsBy === 0) {
    const all = `All ${count(events)} events are the same, as far as a link can tell;`;
    return [`${all} what differs is the table of events, or comes after them.`];
  }
  const first =
    differsBy === same + 1
      ? `The first different event is ${count(differsBy)}.`
      : `The first different event is one of ${count(same + 1)} to ${count(differsBy)}.`;
  if (at > 0 && at <= same) {
    return [first, `Event ${count(at)}, where the link points, and all before it are the same.`];
  }
  return [first, moved];
}

/** Of a trace file: its rows are on screen; a file without a report gets that of the re-run. */
export async function verifyFile(
  app: AppStore,
  slot: RunSlot,
  parts: { readonly said: Said; readonly rerun: Rerun },
): Promise<void> {
  const { said, rerun } = parts;
  const handle = await rerun(slot.spec, true);
  const found = handle.store.identity;
  if (found === null) return;
  if (agrees(said, found)) {
    const { identity } = slot.store;
    if (identity === null || identity.report !== null) return;
    slot.store.finish({ ...identity, report: found.report, originUs: found.originUs });
    app.grown(slot);
    return;
  }
  const again = await rerun(slot.spec, false);
  const both = Math.min(slot.store.count, again.store.count);
  const differs = firstDifference(slot.store, again.store, both);
  const isBeginning = differs === 0 && slot.store.count < again.store.count;
  // A run that was ended early (`--until`) is the beginning of the whole one.
  if (isBeginning) return;
  const first = differs === 0 ? both + 1 : differs;
  app.notify('error', 'Running it again here gives another run', [
    madeWith(said),
    `The first different event is ${first}; what is on screen is the file’s.`,
    'Branches and decoded frames are made by this engine and may not fit.',
  ]);
}
