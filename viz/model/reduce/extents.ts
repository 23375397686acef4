/**
 * The epochs of a log as extents without gaps: appending at the end, cutting at either end, and
 * putting back what a cut took when it turns out that the cut never became durable.
 */
import type { Extent, Ghost, ReplicaState } from '../state.ts';

/** The newest ghosts that the state itself remembers; `replica-logs.ts` has all. */
export const GHOSTS_KEPT = 8;

export function appendExtent(replica: ReplicaState, added: Extent): void {
  const { extents } = replica;
  const last = extents[extents.length - 1];
  const continues =
    last !== undefined &&
    last.leaderEpoch === added.leaderEpoch &&
    last.endOffset === added.baseOffset;
  if (continues) last.endOffset = added.endOffset;
  else extents.push(added);
  replica.logEndOffset = added.endOffset;
}

/** Takes away what lies at or above `endOffset`, and keeps it as ghosts. */
export function cutExtents(
  replica: ReplicaState,
  cut: { endOffset: number; event: number; why: string },
): number {
  const { extents } = replica;
  const taken: Ghost[] = [];
  while (extents.length > 0) {
    const last = extents[extents.length - 1] as Extent;
    if (last.endOffset <= cut.endOffset) break;
    const baseOffset = Math.max(last.baseOffset, cut.endOffset);
    const { endOffset, leaderEpoch } = last;
    taken.unshift({ baseOffset, endOffset, leaderEpoch, event: cut.event, why: cut.why });
    if (last.baseOffset < cut.endOffset) last.endOffset = cut.endOffset;
    else extents.pop();
  }
  if (taken.length > 0) replica.ghosts = [...replica.ghosts, ...taken].slice(-GHOSTS_KEPT);
  replica.logEndOffset = cut.endOffset;
  if (replica.highWatermark > cut.endOffset) replica.highWatermark = cut.endOffset;
  let count = 0;
  for (const ghost of taken) count += ghost.endOffset - ghost.baseOffset;
  return count;
}

/** Forgets what lies below the log start. */
export function startExtents(replica: ReplicaState, logStartOffset: number): void {
  replica.logStartOffset = logStartOffset;
  const first = replica.extents.findIndex((one) => one.endOffset > logStartOffset);
  if (first < 0) replica.extents = [];
  else if (first > 0) replica.extents.splice(0, first);
  const left = replica.extents[0];
  if (left !== undefined && left.baseOffset < logStartOffset) left.baseOffset = logStartOffset;
}

/** A log was found to reach further than was told: a cut was undone by a loss of power. */
export function restoreExtents(replica: ReplicaState, endOffset: number): void {
  for (const ghost of replica.ghosts.toReversed()) {
    const end = replica.logEndOffset;
    if (end >= endOffset) break;
    if (ghost.baseOffset > end || ghost.endOffset <= end) continue;
    const restored = Math.min(ghost.endOffset, endOffset);
    const { leaderEpoch } = ghost;
    appendExtent(replica, { baseOffset: end, endOffset: restored, leaderEpoch });
  }
  const baseOffset = replica.logEndOffset;
  if (baseOffset < endOffset) appendExtent(replica, { baseOffset, endOffset, leaderEpoch: -1 });
}
