/**
 * commit-latest. Who asks where its group stands is told what was committed last: an offset whose
 * commit was begun before the answer and not replaced by one that was taken before the question;
 * and nothing only if nothing was taken, or it expired or was deleted. What permits more is what
 * permits the loss of the commit's record, see `blame.ts`. Source: JV, KIP-211, KAFKA-5600.
 */
import type { Check } from '../check.ts';
import { type Commit, type CommittedWatch, isReplaced, type Told } from '../group-witness.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import { blameOfCommit, isTakenBack } from './commit-blame.ts';

export class CommitsAreLatest implements Check {
  static readonly NAME = 'commit-latest';
  static readonly DOC = 'a group is told the offset that it committed last';
  private readonly witness: Witness;

  constructor(witness: Witness) {
    this.witness = witness;
  }

  verdict(): Judged {
    const findings: Finding[] = [];
    for (const watch of this.witness.groups.watches()) {
      for (const told of watch.told) {
        const newest = newestTaken(watch, told.askedAt);
        if (!this.isRight(watch, told, newest)) findings.push(this.wrong(watch, told, newest));
      }
    }
    const holds = 'every group was told what it had committed last';
    return verdictOf(CommitsAreLatest.NAME, findings, holds);
  }

  private isRight(watch: CommittedWatch, told: Told, newest: Commit | null): boolean {
    const { offset, askedAt, toldAt } = told;
    if (offset < 0) return newest === null || isTakenBack(this.witness, watch, newest);
    return watch.commits.some(
      (commit) =>
        commit.offset === offset &&
        commit.outcome !== 'refused' &&
        commit.sentAt < toldAt &&
        !isReplaced(commit, watch, askedAt),
    );
  }

  private wrong(watch: CommittedWatch, told: Told, newest: Commit | null): Finding {
    const { group, partition } = watch;
    const said = told.offset < 0 ? 'nothing is committed' : `it stands at ${told.offset}`;
    const had =
      newest === null
        ? 'nobody had committed that'
        : `${newest.client} had committed ${newest.offset}`;
    const commit = newest ?? { offset: told.offset, sentAt: 0, answeredAt: told.toldAt };
    const blame = blameOfCommit(this.witness, watch, commit, told.toldAt);
    return {
      allowedBy: blame.allowedBy,
      at: told.toldAt,
      evidence: [
        ...(newest === null ? [] : [newest.answeredAt]),
        ...blame.evidence,
        ...[told.askedAt, told.toldAt],
      ].toSorted((a, b) => a - b),
      explanation:
        `${told.client} was told that ${said} in ${partition} for group ${group}, and ${had}` +
        blame.explanation,
    };
  }
}

/** The last one that was taken before the question. */
export function newestTaken(watch: CommittedWatch, askedAt: number): Commit | null {
  let newest: Commit | null = null;
  for (const commit of watch.commits) {
    if (commit.outcome !== 'taken' || commit.answeredAt >= askedAt) continue;
    if (newest === null || commit.answeredAt > newest.answeredAt) newest = commit;
  }
  return newest;
}
