/**
 * Copies that brokers gave up because the quorum had moved the partition away from them. Whoever is
 * in sync is trusted with what they had: a controller completes a reassignment to a replica whose
 * disk or power has failed, for as long as it has not heard of it. `blame.ts` asks who was trusted.
 * Source: KIP-455 (a reassignment completes when its targets are in the ISR).
 */
import type { Elections, Span } from './elections.ts';
import type { LostBatch } from './replica-log.ts';

export interface CopyLoss {
  readonly node: string;
  /** Null while the replica still has its copy. */
  readonly lost: LostBatch | null;
  /** Since when it could not have brought it back, for power or disk; null: lost otherwise. */
  readonly faultAt: number | null;
}

/**
 * How many replicas all the others' copies were given up for, when each of these had lost its own
 * with power or disk before the quorum decided so and while it was in sync or eligible, and the
 * quorum had no sign of that: it had neither struck the replica off nor registered its broker anew.
 * Else 0: somebody cut a copy off, or deleted one that it was to keep, or still has one.
 */
export function lossBeforeMove(
  partition: string,
  copies: readonly CopyLoss[],
  known: {
    readonly elections: Elections;
    /** Whether the quorum registered the node anew after `from` and no later than `to`. */
    readonly registeredIn: (node: string, span: Span) => boolean;
  },
): number {
  const { elections, registeredIn } = known;
  const faultAt = new Map<string, number>();
  let movedAt = -1;
  for (const { node, lost, faultAt: at } of copies) {
    if (at !== null) {
      faultAt.set(node, at);
      continue;
    }
    const left = lost?.cause === 'deleted' ? elections.leftAt(partition, node, lost.event) : null;
    if (left === null) return 0;
    movedAt = Math.max(movedAt, left);
  }
  const trusted = movedAt < 0 ? [] : elections.eligibleAt(partition, movedAt);
  const hadFailedUnseen = (node: string): boolean => {
    const span = { from: faultAt.get(node) ?? Number.POSITIVE_INFINITY, to: movedAt };
    if (span.from > movedAt || registeredIn(node, span)) return false;
    return elections.wasEligibleThroughout(partition, node, span);
  };
  return trusted.every(hadFailedUnseen) ? trusted.length : 0;
}
