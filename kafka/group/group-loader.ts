/**
 * Reads a partition of `__consumer_offsets` from its start to its end, a buffer at a time, and
 * brings a shard to what it says; later records win (Kafka: CoordinatorLoaderImpl; a log that is
 * replayed in any other order gives old offsets back, KAFKA-5600).
 */
import { WireError } from '../base/reader.ts';
import type { Log } from '../log/log.ts';
import type { GroupLoadRule } from '../protocol/group-load.ts';
import { batchSizeAt, isControlAt, lastOffsetAt } from '../records/batch.ts';
import { decodeRecords } from '../records/iterate.ts';
import { ErrorCode } from '../wire/errors.ts';
import { decodeGroupRecord, type GroupChange, type OffsetChange } from './group-records.ts';
import type { GroupShard } from './shard.ts';

export type LoadProgress = 'more' | 'done' | 'failed';

interface ReadBatch {
  /** Exclusive. */
  readonly endOffset: number;
  readonly changes: readonly (OffsetChange | GroupChange)[];
}

export class GroupLoader {
  private readonly shard: GroupShard;
  private readonly bufferBytes: number;
  private readonly rule: GroupLoadRule;
  private nextOffset = -1;
  /** Of buffers before the one that is read: what may be replaced. */
  private readonly made = new Set<string>();
  /** The rule keeps these as they are. */
  private readonly kept = new Set<string>();

  constructor(shard: GroupShard, bufferBytes: number, rule: GroupLoadRule) {
    this.shard = shard;
    this.bufferBytes = bufferBytes;
    this.rule = rule;
  }

  /** Reads one buffer. */
  step(): LoadProgress {
    const log = this.shard.partition.leaderLog;
    if (log === null) return 'failed';
    if (this.nextOffset < log.logStartOffset) this.nextOffset = log.logStartOffset;
    if (this.nextOffset >= log.logEndOffset) return 'done';
    const read = log.read(this.nextOffset, this.bufferBytes, 'log_end', true);
    if (read.error !== ErrorCode.NONE) return 'failed';
    if (read.records.length === 0) return 'done';
    return this.replay(read.records, log);
  }

  private replay(bytes: Uint8Array, log: Log): LoadProgress {
    const batches: ReadBatch[] = [];
    const isSound = this.readBatches(bytes, batches);
    this.chooseKept(batches);
    for (const { endOffset, changes } of batches) this.apply(changes, endOffset);
    for (const group of this.shard.groups.keys()) this.made.add(group);
    if (!isSound) return 'failed';
    return this.nextOffset >= log.logEndOffset ? 'done' : 'more';
  }

  /** Into `batches`; @returns false when one cannot be read, and what stands before it is there. */
  private readBatches(bytes: Uint8Array, batches: ReadBatch[]): boolean {
    try {
      for (let at = 0; at < bytes.length; at += batchSizeAt(bytes, at)) {
        const endOffset = lastOffsetAt(bytes, at) + 1;
        if (endOffset <= this.nextOffset) continue;
        this.nextOffset = endOffset;
        if (!isControlAt(bytes, at)) batches.push({ endOffset, changes: changesIn(bytes, at) });
      }
    } catch (problem) {
      if (!(problem instanceof WireError)) throw problem;
      return false;
    }
    return true;
  }

  /** A group of offsets alone was made anew with each buffer that has one of them. */
  private chooseKept(batches: readonly ReadBatch[]): void {
    const asked = new Set<string>();
    for (const { changes } of batches) {
      for (const { kind, group, value } of changes) {
        const known = this.made.has(group) ? this.shard.groups.get(group) : undefined;
        if (known === undefined || value === null || asked.has(group)) continue;
        if (kind === 'offset' && known.protocolType !== null) continue;
        asked.add(group);
        if (!this.rule.replaces(group)) this.kept.add(group);
      }
    }
  }

  private apply(all: ReadBatch['changes'], endOffset: number): void {
    const { shard, kept } = this;
    const changes: OffsetChange[] = [];
    for (const change of all) {
      if (kept.has(change.group)) continue;
      if (change.kind === 'offset') {
        if (change.value !== null) shard.simpleGroup(change.group);
        changes.push(change);
      } else if (change.value === null) shard.groups.delete(change.group);
      else shard.groups.set(change.group, change.value);
    }
    shard.loaded(endOffset, changes);
  }
}

function changesIn(bytes: Uint8Array, at: number): (OffsetChange | GroupChange)[] {
  const changes: (OffsetChange | GroupChange)[] = [];
  for (const { key, value } of decodeRecords(bytes, at)) {
    const change = key === null ? null : decodeGroupRecord({ key, value });
    if (change !== null) changes.push(change);
  }
  return changes;
}
