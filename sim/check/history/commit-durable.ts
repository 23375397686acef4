/**
 * commit-durable. What was committed and acknowledged is in the log of `__consumer_offsets` at the
 * end of the run: the last record of a group and partition there is of a commit that no later one
 * replaced, or it was taken back because it was deleted or expired, which it does not while its
 * group is in use (KIP-211). A commit is a write with acks=all, and is lost by the same faults as
 * any other (`blame.ts`), whatever min.insync.replicas the topic has. Source: JV, Jepsen,
 * KAFKA-4682.
 */
import { decodeGroupRecord } from '../../../kafka/group/group-records.ts';
import type { Check } from '../check.ts';
import { readFinalRecords } from '../final-logs.ts';
import type { FinalState } from '../final-state.ts';
import { type CommittedWatch, isReplaced } from '../group-witness.ts';
import { type Finding, type Judged, unknownTo, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { blameOfCommit, isTakenBack } from './commit-blame.ts';
import { newestTaken } from './commit-latest.ts';

export class CommitsAreDurable implements Check {
  static readonly NAME = 'commit-durable';
  static readonly DOC = 'an acknowledged commit of an offset is never lost';
  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  verdict(final: FinalState): Judged {
    const findings: Finding[] = [];
    const standing = new Map<string, number>();
    const read = new Set<string>();
    for (const [log, partition] of final.partitions) {
      if (!log.startsWith('__consumer_offsets-')) continue;
      read.add(log);
      for (const { key, value } of readFinalRecords(this.witness.disks, partition)) {
        const change = key === null ? null : decodeGroupRecord({ key, value });
        if (change?.kind !== 'offset') continue;
        const name = `${change.group} ${change.topic}-${change.partition}`;
        if (change.value === null) standing.delete(name);
        else standing.set(name, change.value.offset);
      }
    }
    for (const watch of this.witness.groups.watches()) {
      const log = watch.replicated.at(-1)?.log;
      if (log !== undefined && !read.has(log) && !this.isGone(log)) {
        return unknownTo(CommitsAreDurable.NAME, `${log} could not be read at the end`);
      }
      const finding = this.judge(watch, standing.get(`${watch.group} ${watch.partition}`));
      if (finding !== null) findings.push(finding);
    }
    const holds = 'every acknowledged commit is in the log, or a later one';
    return verdictOf(CommitsAreDurable.NAME, findings, holds);
  }

  /** Every broker that had the log, as its disk was seen, has nothing of it any more. */
  private isGone(log: string): boolean {
    const replicas = this.witness.logs.replicas(log);
    return replicas.length > 0 && replicas.every(({ batchCount }) => batchCount === 0);
  }

  private judge(watch: CommittedWatch, stands: number | undefined): Finding | null {
    const newest = newestTaken(watch, Number.POSITIVE_INFINITY);
    if (newest === null) return null;
    const isRight =
      stands === undefined
        ? isTakenBack(this.witness, watch, newest)
        : watch.commits.some(
            (commit) =>
              commit.offset === stands &&
              commit.outcome !== 'refused' &&
              !isReplaced(commit, watch, Number.POSITIVE_INFINITY),
          );
    if (isRight) return null;
    const blame = blameOfCommit(this.witness, watch, newest);
    const now = stands === undefined ? 'nothing of it is there' : `it stands at ${stands}`;
    return {
      allowedBy: blame.allowedBy,
      at: blame.at ?? newest.answeredAt,
      evidence: [newest.sentAt, newest.answeredAt, ...blame.evidence].toSorted((a, b) => a - b),
      explanation:
        `${newest.client} was told that offset ${newest.offset} of ${watch.partition} is committed ` +
        `for group ${watch.group}, and at the end ${now}${blame.explanation}`,
    };
  }
}
