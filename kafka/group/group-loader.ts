/**
 * Reads a partition of `__consumer_offsets` from its start to its end, a buffer at a time, and
 * brings a shard to what it says; later records win (Kafka: CoordinatorLoaderImpl; a log that is
 * replayed in any other order gives old offsets back, KAFKA-5600).
 */
import { WireError } from '../base/reader.ts';
import type { Log } from '../log/log.ts';
import { batchSizeAt, isControlAt, lastOffsetAt } from '../records/batch.ts';
import { decodeRecords } from '../records/iterate.ts';
import { ErrorCode } from '../wire/errors.ts';
import { decodeGroupRecord, type OffsetChange } from './group-records.ts';
import type { GroupShard } from './shard.ts';

export type LoadProgress = 'more' | 'done' | 'failed';

export class GroupLoader {
  private readonly shard: GroupShard;
  private readonly bufferBytes: number;
  private nextOffset = -1;

  constructor(shard: GroupShard, bufferBytes: number) {
    this.shard = shard;
    this.bufferBytes = bufferBytes;
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
    try {
      for (let at = 0; at < bytes.length; at += batchSizeAt(bytes, at)) {
        const endOffset = lastOffsetAt(bytes, at) + 1;
        if (endOffset <= this.nextOffset) continue;
        this.nextOffset = endOffset;
        if (!isControlAt(bytes, at)) this.replayBatch(bytes, at, endOffset);
      }
    } catch (problem) {
      if (!(problem instanceof WireError)) throw problem;
      return 'failed';
    }
    return this.nextOffset >= log.logEndOffset ? 'done' : 'more';
  }

  private replayBatch(bytes: Uint8Array, at: number, endOffset: number): void {
    const { shard } = this;
    const changes: OffsetChange[] = [];
    for (const { key, value } of decodeRecords(bytes, at)) {
      const change = key === null ? null : decodeGroupRecord({ key, value });
      if (change === null) continue;
      if (change.kind === 'offset') {
        if (change.value !== null) shard.simpleGroup(change.group);
        changes.push(change);
      } else if (change.value === null) shard.groups.delete(change.group);
      else shard.groups.set(change.group, change.value);
    }
    shard.loaded(endOffset, changes);
  }
}
