/**
 * Which leader epoch wrote which offsets of one log: ordered (epoch, start offset) entries, both
 * strictly rising, checkpointed in `leader-epoch-checkpoint`. Followers find with it where their
 * log departs from the leader's (KIP-101, KIP-279; Kafka: LeaderEpochFileCache).
 */
import { assert } from '../base/assert.ts';
import type { CheckpointFile } from './checkpoint-file.ts';
import { type EpochEntry, formatEpochs, parseEpochs } from './checkpoint-text.ts';

/** Both -1 when nothing is known about the epoch asked for. */
export interface EpochEndOffset {
  readonly epoch: number;
  /** Exclusive. */
  readonly endOffset: number;
}

export const UNDEFINED_EPOCH = -1;
export const UNDEFINED_EPOCH_OFFSET = -1;
const UNDEFINED: EpochEndOffset = { epoch: UNDEFINED_EPOCH, endOffset: UNDEFINED_EPOCH_OFFSET };

export class LeaderEpochCache {
  /** -1 when there is no entry. */
  latestEpoch = UNDEFINED_EPOCH;
  private latestStartOffset = UNDEFINED_EPOCH_OFFSET;
  private entries: EpochEntry[] = [];
  /** What the checkpoint says, or is about to say. */
  private written = formatEpochs([]);
  private readonly file: CheckpointFile | null;

  constructor(file: CheckpointFile | null) {
    this.file = file;
  }

  /** Reads the checkpoint; false when it is there and cannot be read, the cache is empty then. */
  load(): boolean {
    const text = this.file?.read() ?? null;
    const parsed = text === null ? [] : parseEpochs(text);
    if (parsed === null || !isRising(parsed)) {
      this.written = '';
      return false;
    }
    this.replace(parsed);
    if (text !== null) this.written = text;
    return true;
  }

  get all(): readonly EpochEntry[] {
    return this.entries;
  }

  /**
   * Notes that `epoch` begins at `startOffset`. A no-op for the latest epoch: every append calls
   * it, and the first offset is the one to keep. Entries that contradict the new one go.
   * @returns whether the cache changed (and is being checkpointed).
   */
  assign(epoch: number, startOffset: number): boolean {
    if (epoch === this.latestEpoch && startOffset >= this.latestStartOffset) return false;
    this.noteWithoutCheckpoint(epoch, startOffset);
    this.checkpoint();
    return true;
  }

  /** As `assign`, for recovery, which checkpoints once at its end. */
  noteWithoutCheckpoint(epoch: number, startOffset: number): void {
    if (epoch === this.latestEpoch && startOffset >= this.latestStartOffset) return;
    assert(epoch >= 0 && startOffset >= 0, 'a leader epoch below zero');
    const kept = this.entries.filter((e) => e.epoch < epoch && e.startOffset < startOffset);
    kept.push({ epoch, startOffset });
    this.replace(kept);
  }

  /**
   * Where the given epoch ends: the largest known epoch not above it, and the start of the next
   * higher one; the latest epoch ends at `logEndOffset`. An epoch above all is undefined.
   */
  endOffsetFor(epoch: number, logEndOffset: number): EpochEndOffset {
    if (epoch === UNDEFINED_EPOCH) return UNDEFINED;
    if (epoch === this.latestEpoch) return { epoch, endOffset: logEndOffset };
    const above = this.entries.findIndex((entry) => entry.epoch > epoch);
    if (above < 0) return UNDEFINED;
    const next = this.entries[above] as EpochEntry;
    const floor = above === 0 ? epoch : (this.entries[above - 1] as EpochEntry).epoch;
    return { epoch: floor, endOffset: next.startOffset };
  }

  /** The epoch that wrote `offset`; -1 when it lies before the first entry. */
  epochForOffset(offset: number): number {
    for (let i = this.entries.length - 1; i >= 0; i--) {
      const entry = this.entries[i] as EpochEntry;
      if (entry.startOffset <= offset) return entry.epoch;
    }
    return UNDEFINED_EPOCH;
  }

  /** Drops the entries that start at or above `endOffset`. */
  truncateFromEnd(endOffset: number): boolean {
    if (this.latestStartOffset < endOffset) return false;
    this.replace(this.entries.filter((entry) => entry.startOffset < endOffset));
    this.checkpoint();
    return true;
  }

  /** As `truncateFromEnd`, for recovery, which checkpoints once at its end. */
  forgetFrom(offset: number): void {
    this.replace(this.entries.filter((entry) => entry.startOffset < offset));
  }

  /** Drops the entries wholly below `startOffset`; the one that spans it begins there now. */
  truncateFromStart(startOffset: number): void {
    const rest = this.entries.filter((entry) => entry.startOffset > startOffset);
    const spanning = this.entries[this.entries.length - rest.length - 1];
    if (spanning === undefined || spanning.startOffset === startOffset) {
      if (rest.length + 1 >= this.entries.length) return;
    }
    if (spanning !== undefined) rest.unshift({ epoch: spanning.epoch, startOffset });
    this.replace(rest);
    this.checkpoint();
  }

  clear(): void {
    if (this.entries.length === 0) return;
    this.replace([]);
    this.checkpoint();
  }

  checkpoint(): void {
    const text = formatEpochs(this.entries);
    if (text === this.written || this.file === null) return;
    this.written = text;
    this.file.write(text);
  }

  /** Calls back once the present entries are durable. */
  whenDurable(done: () => void): void {
    if (this.file === null) done();
    else this.file.whenDurable(done);
  }

  close(): void {
    this.file?.close();
  }

  private replace(entries: EpochEntry[]): void {
    this.entries = entries;
    const latest = entries[entries.length - 1];
    this.latestEpoch = latest?.epoch ?? UNDEFINED_EPOCH;
    this.latestStartOffset = latest?.startOffset ?? UNDEFINED_EPOCH_OFFSET;
  }
}

function isRising(entries: readonly EpochEntry[]): boolean {
  return entries.every((entry, i) => {
    const before = entries[i - 1];
    if (before === undefined) return entry.epoch >= 0 && entry.startOffset >= 0;
    return entry.epoch > before.epoch && entry.startOffset > before.startOffset;
  });
}
