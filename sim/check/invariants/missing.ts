/** What is found when a replica lacks a committed record: the words, and what permits it. */
import type { ReplicaWatch } from '../replica-watch.ts';
import type { Finding } from '../verdict.ts';
import type { Witness } from '../witness.ts';

export interface Missing {
  /** The first committed offset at which the replica's log is not the committed log. */
  readonly offset: number;
  readonly event: number;
  /** Who lacks it in what role: the beginning of the sentence. */
  readonly what: string;
}

export function missing(witness: Witness, replica: ReplicaWatch, found: Missing): Finding {
  const { partition } = replica;
  const { committed, name } = partition;
  const end = witness.endOf(replica);
  const log =
    found.offset < end
      ? `another record at offset ${found.offset}`
      : `a log that ends at ${found.offset}`;
  const batch = committed.batchAt(found.offset);
  const blame = batch === null ? null : witness.blamer.blameNow(name, batch, true);
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
