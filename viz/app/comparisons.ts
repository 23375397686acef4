/**
 * The comparison on screen: worked out once for two runs that are both complete, in a worker, so
 * that the page answers meanwhile; `AppState.compared` tells how far it is.
 */
import type { Comparison } from './aligned-rows.ts';
import { linesOf } from './compare-runs.ts';
import type { RunSlot } from './services.ts';
import type { AppStore } from './store.ts';

interface Kept {
  readonly left: RunSlot;
  readonly right: RunSlot;
  found: Comparison | null;
}

const known = new WeakMap<AppStore, Kept>();
/** What is worked out is still to be sent: only what is there is 1. */
const ALMOST = 0.99;

/** null while one of them is still coming in, and until the worker has done its work. */
export function comparisonOf(app: AppStore, left: RunSlot, right: RunSlot): Comparison | null {
  if (!left.store.complete || !right.store.complete) return null;
  const kept = known.get(app);
  if (kept?.left === left && kept.right === right) return kept.found;
  begin(app, { left, right, found: null });
  return null;
}

/** The partner of the left run's nearest event at or before this one; 0 = the beginning. */
export function partnerBefore(partners: Uint32Array, event: number): number {
  for (let at = Math.min(event, partners.length - 1); at > 0; at--) {
    const partner = partners[at] ?? 0;
    if (partner > 0) return partner;
  }
  return 0;
}

function begin(app: AppStore, kept: Kept): void {
  known.set(app, kept);
  const isWanted = () => known.get(app) === kept;
  const tell = (share: number): void => {
    if (!isWanted()) return;
    app.update((draft) => {
      draft.compared = share;
    });
  };
  // Views ask for it while they are drawn: what it changes is told when they are done.
  queueMicrotask(() => tell(0));
  const telling = (share: number): void => tell(Math.min(share, ALMOST));
  app.services.compare(kept.left, kept.right, telling).then(
    (found) => {
      kept.found = found;
      tell(1);
    },
    (error: unknown) => {
      const [title = '', ...details] = linesOf(error);
      app.notify('error', `The runs were not compared: ${title}`, details);
    },
  );
}
