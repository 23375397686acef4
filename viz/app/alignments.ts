/** The comparison on screen, computed once for two runs that are both complete. */
import { type Alignment, align } from '../model/align.ts';
import type { RunSlot } from './services.ts';

let kept: { readonly left: RunSlot; readonly right: RunSlot; readonly found: Alignment } | null =
  null;

/** null while one of them is still coming in. */
export function alignmentOf(left: RunSlot, right: RunSlot): Alignment | null {
  if (!left.store.complete || !right.store.complete) return null;
  if (kept === null || kept.left !== left || kept.right !== right) {
    kept = { left, right, found: align(left.store, right.store) };
  }
  return kept.found;
}

/** The partner of the left run's nearest event at or before this one; 0 = the beginning. */
export function partnerBefore(partners: Uint32Array, event: number): number {
  for (let at = Math.min(event, partners.length - 1); at > 0; at--) {
    const partner = partners[at] ?? 0;
    if (partner > 0) return partner;
  }
  return 0;
}
