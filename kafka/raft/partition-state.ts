/**
 * What the control records of the metadata log say: who the voters are and which kraft.version is
 * finalized, as of every offset (Kafka: KRaftControlRecordStateMachine). A VotersRecord holds from
 * the moment it is appended, committed or not (KIP-853), and no more when it is cut off again.
 */
import { Reader } from '../base/reader.ts';
import { batchSizeAt, isControlAt } from '../records/batch.ts';
import { ControlRecordType, decodeControlRecords } from '../records/control.ts';
import { decodeKRaftVersionRecord } from '../wire/generated/k-raft-version-record.ts';
import { decodeVotersRecord } from '../wire/generated/voters-record.ts';
import type { MetadataLog } from './metadata-log.ts';
import { type VoterSet, votersFromRecord } from './voter-set.ts';

const READ_BYTES = 8_388_608;
/** Where a set stands that no record has brought. */
const NOWHERE = -1;

interface At<T> {
  readonly offset: number;
  readonly value: T;
}

export class PartitionState {
  private readonly staticVoters: VoterSet;
  /** By ascending offset. */
  private voterSets: At<VoterSet>[] = [];
  private versions: At<number>[] = [];

  constructor(staticVoters: VoterSet) {
    this.staticVoters = staticVoters;
  }

  /** The voters that hold now. */
  get voters(): VoterSet {
    return this.voterSets.at(-1)?.value ?? this.staticVoters;
  }

  /** Where the present voters were written; -1: they are not in the log. */
  get votersOffset(): number {
    return this.voterSets.at(-1)?.offset ?? NOWHERE;
  }

  /** 0: the voters are static; 1: they can be changed. */
  get kraftVersion(): number {
    return this.versions.at(-1)?.value ?? 0;
  }

  /** The voters as of `offset`, inclusive; null when no record up to there names any. */
  votersAt(offset: number): VoterSet | null {
    return this.voterSets.findLast((one) => one.offset <= offset)?.value ?? null;
  }

  kraftVersionAt(offset: number): number {
    return this.versions.findLast((one) => one.offset <= offset)?.value ?? 0;
  }

  /** Takes everything in from the disk: the newest snapshot, and the log behind it. */
  load(log: MetadataLog): void {
    const snapshot = log.latestSnapshotId();
    let next = log.startOffset;
    if (snapshot !== null) {
      const bytes = log.snapshotBytes(snapshot);
      if (bytes === null) return;
      this.replaceBy(bytes, snapshot.offset - 1);
      next = snapshot.offset;
    }
    while (next < log.endOffset && log.online) {
      const bytes = log.read(next, READ_BYTES, 'log_end');
      this.appended(bytes);
      next = Math.max(log.endOffsetOf(bytes), next + 1);
    }
  }

  /** Batches were appended to the log. @returns whether the voters are others now. */
  appended(batches: Uint8Array): boolean {
    return this.scan(batches, null);
  }

  /** A snapshot took the place of everything; what it says holds as of `lastContainedOffset`. */
  replaceBy(snapshot: Uint8Array, lastContainedOffset: number): void {
    this.voterSets = [];
    this.versions = [];
    this.scan(snapshot, lastContainedOffset);
  }

  /** The log was cut at `endOffset`. @returns whether the voters are others now. */
  truncated(endOffset: number): boolean {
    const before = this.voters;
    this.voterSets = this.voterSets.filter((one) => one.offset < endOffset);
    this.versions = this.versions.filter((one) => one.offset < endOffset);
    return this.voters !== before;
  }

  /** What lies below a snapshot that ends at `offset` is only needed as of its end. */
  forgetBefore(offset: number): void {
    this.voterSets = lastBefore(this.voterSets, offset);
    this.versions = lastBefore(this.versions, offset);
  }

  private scan(bytes: Uint8Array, asOf: number | null): boolean {
    const before = this.voters;
    for (let at = 0; at + 12 <= bytes.length; ) {
      const size = batchSizeAt(bytes, at);
      if (at + size > bytes.length) break;
      if (isControlAt(bytes, at)) this.scanControl(bytes, at, asOf);
      at += size;
    }
    return this.voters !== before;
  }

  private scanControl(bytes: Uint8Array, at: number, asOf: number | null): void {
    for (const { type, value, offset: recordOffset } of decodeControlRecords(bytes, at)) {
      const offset = asOf ?? recordOffset;
      if (type === ControlRecordType.KRAFT_VOTERS) {
        const record = decodeVotersRecord(new Reader(value), 0);
        this.voterSets.push({ offset, value: votersFromRecord(record) });
      } else if (type === ControlRecordType.KRAFT_VERSION) {
        const record = decodeKRaftVersionRecord(new Reader(value), 0);
        this.versions.push({ offset, value: record.kRaftVersion });
      }
    }
  }
}

function lastBefore<T>(entries: readonly At<T>[], offset: number): At<T>[] {
  const first = entries.findLastIndex((one) => one.offset < offset);
  return entries.slice(Math.max(first, 0));
}
