/** What is found when a replica lacks a committed record: the words, and what permits it. */
import type { BatchIdentity } from '../replica-log.ts';
import type { ReplicaWatch } from '../replica-watch.ts';
import type { Finding } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export interface Missing {
  /** The first committed offset at which the replica's log is not the committed log. */
  readonly offset: number;
  readonly event: number;
  /** Who lacks it in what role: the beginning of the sentence. */
  readonly what: string;
  /** What a deposed leader has there: its loss may be what is permitted. */
  readonly rival?: BatchIdentity | null;
}

export function missing(witness: Witness, replica: ReplicaWatch, found: Missing): Finding {
  const { partition } = replica;
  const { committed, name } = partition;
  const end = witness.endOf(replica);
  const log =
    found.offset < end
      ? `another record at offset ${found.offset}`
      : `a log that ends at ${found.offset}`;
  const blames = [committed.batchAt(found.offset), found.rival ?? null].map((batch) =>
    batch === null ? null : witness.blamer.blameNow(name, batch, true),
  );
  const blame = blames.find((one) => (one?.allowedBy ?? null) !== null) ?? blames[0] ?? null;
  const allowedBy = blame?.allowedBy ?? witness.blamer.excuseOf(replica);
  return {
    allowedBy: allowedBy ?? witness.blamer.beyondPromise(name),
    at: found.event,
    evidence: [...(blame?.evidence ?? []), found.event].filter((one) => one <= found.event),
    explanation:
      `${found.what} with ${log}, and ${name} was committed up to ` +
      `${committed.trueHighWatermark}${blame === null ? '' : `: ${blame.explanation}`}`,
  };
}
