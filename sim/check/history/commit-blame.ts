/**
 * What permits that a committed offset is gone: that its coordinator took it back, because it
 * expired or was deleted, or what permits the loss of its record.
 */
import type { Commit, CommittedWatch, Removed } from '../group-witness.ts';
import type { Witness } from '../witness.ts';

export interface RecordBlame {
  readonly allowedBy: string | null;
  /** When it was lost for good; null: not, or not known. */
  readonly at: number | null;
  readonly evidence: readonly number[];
  /** For after the finding's own words; "" when no replica is known to have lost the record. */
  readonly explanation: string;
}

export const NO_BLAME: RecordBlame = { allowedBy: null, at: null, evidence: [], explanation: '' };

/** Whether what was committed last may be gone because it was taken back. */
export function isTakenBack(witness: Witness, watch: CommittedWatch, newest: Commit): boolean {
  const first = removalBehind(watch, newest.sentAt);
  return first !== null && !isWrong(witness, watch, first);
}

function removalBehind({ removed }: CommittedWatch, event: number): Removed | null {
  return removed.find((one) => one.event > event) ?? null;
}

/** Every member of the group needs it, and the group was in use. */
function isWrong({ history }: Witness, watch: CommittedWatch, { inUse }: Removed): boolean {
  const topic = watch.partition.slice(0, watch.partition.lastIndexOf('-'));
  const members = history.groups.find((one) => one.group === watch.group)?.members ?? [];
  return inUse && members.length > 0 && members.every((one) => one.topics.includes(topic));
}

/**
 * @param answeredAt when its client, or who was told of it, knew of the commit.
 * @param until when it was seen that it is gone. Default: at the end.
 */
export function blameOfCommit(
  witness: Witness,
  watch: CommittedWatch,
  { offset, sentAt, answeredAt }: Pick<Commit, 'offset' | 'sentAt' | 'answeredAt'>,
  until?: number,
): RecordBlame {
  const removal = removalBehind(watch, sentAt);
  if (removal !== null && isWrong(witness, watch, removal)) {
    const explanation = '; it was taken back while the group was in use';
    return { ...NO_BLAME, at: removal.event, evidence: [removal.event], explanation };
  }
  // The group may have committed the same offset again, after that one was lost.
  const records = watch.replicated.filter((one) => one.offset === offset);
  const record = records.findLast((one) => one.event < answeredAt) ?? records[0];
  const log = (record ?? watch.replicated.at(-1))?.log;
  if (log === undefined) return NO_BLAME;
  return blameOfRecord(witness, {
    log,
    offset: record?.recordOffset ?? -1,
    event: record?.event ?? 0,
    until,
  });
}

interface ReplicatedRecord {
  readonly log: string;
  readonly offset: number;
  readonly event: number;
  /** When it was seen that it is gone. */
  readonly until?: number | undefined;
}

/** What permits that a record of the offsets topic is lost that was replicated at that event. */
export function blameOfRecord(
  { blamer }: Witness,
  { log, offset, event, until }: ReplicatedRecord,
): RecordBlame {
  const lost = offset < 0 ? null : blamer.lostBatchAt(log, offset, { event, committed: true });
  if (lost === null) {
    const allowedBy = blamer.beyondPromise(log);
    const at = allowedBy === null ? null : blamer.unpromisedAt(log, event);
    return { ...NO_BLAME, allowedBy, at };
  }
  const { explanation, ...blame } = blamer.blame(log, lost, true, until);
  return { ...blame, explanation: `; its record in ${log}: ${explanation}` };
}
