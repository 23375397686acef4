/**
 * at-least-once. Every committed record that a group has passed, by the offsets that it committed,
 * was processed by one of its applications: from where the group began to read, in the final log.
 * An application that commits before it processes, or while workers still process, may lose what it
 * had taken on; one whose group resets to the latest offset, or that seeks, leaves records out on
 * purpose. Source: Jepsen.
 */
import type { Check } from '../check.ts';
import type { FinalPartition, FinalState } from '../final-state.ts';
import { type Finding, type Judged, verdictOf } from '../verdict.ts';
import type { Witness } from '../witness.ts';
import type { CommitMode, GroupHistory } from './group-history.ts';

export const COMMITS_FIRST = 'commits before processing';
export const WORKERS_BEHIND = 'commits what workers still have';
/** What a poll has given counts as done. */
const COMMIT_POLLED: readonly CommitMode[] = ['auto', 'after'];

/** Ways for a reader to leave records out. */
const ON_PURPOSE = ['reset', 'seek'];

interface Moved {
  readonly event: number;
  readonly offset: number;
  readonly how: string;
}

export class EveryRecordIsProcessed implements Check {
  static readonly NAME = 'at-least-once';
  static readonly DOC = 'a group processes every record that its committed offsets pass';
  /** By group: records that were passed and never processed. */
  readonly missed = new Map<string, number>();
  private readonly witness: Witness;
  /** By client and partition: where it was told to read from, but not by polling. */
  private readonly moves = new Map<string, Moved[]>();

  constructor(witness: Witness) {
    this.witness = witness;
  }

  consumerMoved({
    event,
    client,
    partition,
    offset,
    how,
  }: Parameters<NonNullable<Check['consumerMoved']>>[0]): void {
    if (how === 'polled') return;
    const key = `${client} ${partition}`;
    const known = this.moves.get(key);
    if (known === undefined) this.moves.set(key, [{ event, offset, how }]);
    else known.push({ event, offset, how });
  }

  verdict(final: FinalState): Judged {
    const findings: Finding[] = [];
    for (const group of this.witness.history.groups) {
      let missed = 0;
      for (const [name, partition] of final.partitions) {
        const found = this.missedIn(group, name, partition);
        missed += found.length;
        const [first] = found;
        if (first !== undefined) findings.push(this.finding(group, name, first, found.length));
      }
      this.missed.set(group.group, missed);
    }
    const holds = 'every record that a group has passed was processed';
    return verdictOf(EveryRecordIsProcessed.NAME, findings, holds);
  }

  private missedIn(group: GroupHistory, name: string, partition: FinalPartition): number[] {
    const moves = this.movesOf(group, name);
    const begins = moves.filter(({ how }) => how !== 'committed').map(({ offset }) => offset);
    const end = this.passed(group, name);
    if (begins.length === 0 || end < 0) return [];
    const start = Math.min(...begins);
    const processed = processedRecords(group, name);
    const missed: number[] = [];
    for (let i = 0; i < partition.offsets.length; i++) {
      const offset = partition.offsets.at(i);
      const record = partition.records.at(i);
      if (offset < start || offset >= end) continue;
      const was = record < 0 ? group.timesProcessed(name, offset) > 0 : processed.has(record);
      if (!was) missed.push(offset);
    }
    return missed;
  }

  private movesOf({ members }: GroupHistory, partition: string): Moved[] {
    return members.flatMap(({ client }) => this.moves.get(`${client} ${partition}`) ?? []);
  }

  /** Up to where the group counts the partition as done; -1: nowhere. */
  private passed({ group, members, position }: GroupHistory, partition: string): number {
    if (members.some(({ commit }) => commit === 'outside')) return position.get(partition) ?? -1;
    let passed = -1;
    for (const watch of this.witness.groups.watches()) {
      if (watch.group !== group || watch.partition !== partition) continue;
      for (const { offset, outcome } of watch.commits) {
        if (outcome === 'taken') passed = Math.max(passed, offset);
      }
    }
    return passed;
  }

  private finding(group: GroupHistory, name: string, offset: number, count: number): Finding {
    const { blamer } = this.witness;
    const moves = this.movesOf(group, name);
    const early = group.members.find(({ commit }) => commit === 'before');
    const behind = group.members.find((one) => one.handsOver && COMMIT_POLLED.includes(one.commit));
    const jump = moves.find(({ how, offset: to }) => ON_PURPOSE.includes(how) && to > offset);
    // Another record stood there when the group passed.
    const lost = blamer.lostBatchAt(name, offset, { event: 0, committed: false });
    const allowedBy =
      (early === undefined ? null : COMMITS_FIRST) ??
      (behind === undefined ? null : WORKERS_BEHIND) ??
      (jump === undefined ? null : wordsOf(jump, group)) ??
      (lost === null ? null : blamer.blame(name, lost, true).allowedBy) ??
      blamer.beyondPromise(name);
    const more = count > 1 ? ` (and ${count - 1} more of ${name})` : '';
    const at = jump?.event ?? null;
    return {
      allowedBy,
      at,
      evidence: at === null ? [] : [at],
      explanation:
        `the record at ${name} offset ${offset} was passed by group ${group.group} and no ` +
        `application has processed it${more}`,
    };
  }
}

function wordsOf({ how }: Moved, { members }: GroupHistory): string {
  if (how === 'seek') return 'a seek of the application';
  return `auto.offset.reset=${members[0]?.reset ?? 'latest'}`;
}

function processedRecords(group: GroupHistory, name: string): ReadonlySet<number> {
  const place = group.partitions.indexOf(name);
  const records = new Set<number>();
  for (let i = 0; i < group.count; i++) {
    if (group.partition.at(i) === place) records.add(group.record.at(i));
  }
  return records;
}
