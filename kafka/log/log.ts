import {
  baseOffsetAt,
  baseSequenceAt,
  batchSizeAt,
  isControlAt,
  lastOffsetAt,
  lastOffsetDeltaAt,
  leaderEpochAt,
  NO_PRODUCER_ID,
  producerEpochAt,
  producerIdAt,
  setBaseOffset,
  setLeaderEpoch,
  setMaxTimestamp,
} from '../records/batch.ts';
import { ErrorCode } from '../wire/errors.ts';
import {
  type AppendOrigin,
  checkFetchedBatches,
  checkOwnBatches,
  type FollowerAppend,
  type LeaderAppend,
  type Refusal,
  refusedFollowerAppend,
  refusedLeaderAppend,
  STORAGE_REFUSAL,
} from './append.ts';
import { acceptClientBatch } from './client-batch.ts';
import { LocalLog } from './local-log.ts';
import {
  bytesBetween,
  type LogRead,
  type ReadIsolation,
  readSegments,
  refusedRead,
} from './log-read.ts';
import { findByTimestamp, findMaxTimestamp, type TimestampOffset } from './log-search.ts';
import type { CachedBatch } from './producer-state.ts';
import type { ProducerCheck } from './producer-state-manager.ts';

export class Log extends LocalLog {
  // Appending

  /**
   * Appends as the partition's leader: stamps offsets, epoch and (LogAppendTime) timestamps into
   * `batches` in place and writes them. A client's batch that was appended before is answered
   * with its first offsets. See `LeaderAppend.acknowledged` for flush.messages.
   */
  appendAsLeader(batches: Uint8Array, leaderEpoch: number, origin: AppendOrigin): LeaderAppend {
    const append = this.logDirectory.guardAppend(
      () => this.leaderAppend(batches, leaderEpoch, origin),
      null,
    );
    return append ?? refusedLeaderAppend(STORAGE_REFUSAL, this.logStartOffset);
  }

  private leaderAppend(given: Uint8Array, leaderEpoch: number, origin: AppendOrigin): LeaderAppend {
    const config = this.config;
    const { clock, codecs } = this.environment;
    const nowMs = clock.wallMs();
    const batches =
      origin === 'client'
        ? acceptClientBatch(given, config, nowMs, codecs)
        : (checkOwnBatches(given, origin, config) ?? given);
    if (!(batches instanceof Uint8Array)) return refusedLeaderAppend(batches, this.logStartOffset);
    // A batch of decisions is never refused: one that is larger gets a segment of its own.
    if (origin !== 'raft' && batches.length > config.segmentBytes) {
      return this.refuseTooLarge(batches.length);
    }
    const check = this.checkProducers(batches, origin);
    if (check !== null && check.kind === 'duplicate')
      return this.duplicateAppend(batches, check.batch);
    if (check !== null && check.kind === 'refused') {
      return refusedLeaderAppend(check, this.logStartOffset);
    }
    const baseOffset = this.logEndOffset;
    const appendTimeMs = config.messageTimestampType === 'LogAppendTime' ? nowMs : -1;
    this.stamp(batches, leaderEpoch, appendTimeMs);
    this.epochs.assign(leaderEpoch, baseOffset);
    this.write(batches, nowMs);
    this.environment.trace.emit(
      'log.appended',
      this.name,
      baseOffset,
      this.logEndOffset,
      leaderEpoch,
      'leader',
      producerIdAt(batches, 0),
      producerEpochAt(batches, 0),
      baseSequenceAt(batches, 0),
    );
    this.flusher.appended(this.segments, baseOffset, this.logEndOffset, config.flushMessages);
    return {
      error: ErrorCode.NONE,
      errorMessage: null,
      baseOffset,
      lastOffset: this.logEndOffset - 1,
      appendTimeMs,
      logStartOffset: this.logStartOffset,
      duplicate: false,
      acknowledged: this.acknowledgedEndOffset === this.logEndOffset,
    };
  }

  private refuseTooLarge(sizeBytes: number): LeaderAppend {
    const message = `${sizeBytes} bytes do not fit a segment of ${this.config.segmentBytes}`;
    const refusal: Refusal = { error: ErrorCode.RECORD_LIST_TOO_LARGE, message };
    return refusedLeaderAppend(refusal, this.logStartOffset);
  }

  /** Null when no batch has a producer id. A client sends one batch, so a repeat is whole. */
  private checkProducers(batches: Uint8Array, origin: AppendOrigin): ProducerCheck | null {
    if (origin === 'client') {
      if (producerIdAt(batches, 0) === NO_PRODUCER_ID) return null;
      return this.producers.checkClientBatch(batches, 0);
    }
    for (let at = 0; at < batches.length; at += batchSizeAt(batches, at)) {
      if (producerIdAt(batches, at) === NO_PRODUCER_ID || !isControlAt(batches, at)) continue;
      const check = this.producers.checkMarker(batches, at);
      if (check.kind !== 'ok') return check;
    }
    return null;
  }

  private duplicateAppend(batches: Uint8Array, batch: CachedBatch): LeaderAppend {
    const { trace } = this.environment;
    trace.emit('produce.duplicate', this.name, producerIdAt(batches, 0), batch.baseOffset);
    const stamped = this.config.messageTimestampType === 'LogAppendTime';
    const hasWrapped = batch.lastSequence < batch.firstSequence;
    const { sequenceWrap } = this.environment.rules;
    return {
      error: ErrorCode.NONE,
      errorMessage: null,
      baseOffset: hasWrapped ? sequenceWrap.baseOffset(this.name, batch) : batch.baseOffset,
      lastOffset: batch.lastOffset,
      appendTimeMs: stamped ? batch.maxTimestampMs : -1,
      logStartOffset: this.logStartOffset,
      duplicate: true,
      acknowledged: this.acknowledgedEndOffset > batch.lastOffset,
    };
  }

  private stamp(batches: Uint8Array, leaderEpoch: number, appendTimeMs: number): void {
    let offset = this.logEndOffset;
    for (let at = 0; at < batches.length; at += batchSizeAt(batches, at)) {
      setBaseOffset(batches, at, offset);
      setLeaderEpoch(batches, at, leaderEpoch);
      if (appendTimeMs >= 0) setMaxTimestamp(batches, at, 'LogAppendTime', appendTimeMs);
      offset += lastOffsetDeltaAt(batches, at) + 1;
    }
  }

  /**
   * Appends what was fetched from the leader of `leaderEpoch`: whole batches with their offsets and
   * epochs as they are. A torn batch at the end is ignored, batches of later epochs are left out.
   * A first batch that begins below an empty log's start (the leader's start lies inside a batch)
   * makes the log begin at that batch. UNKNOWN_SERVER_ERROR: the offsets do not continue the log.
   */
  appendAsFollower(batches: Uint8Array, leaderEpoch: number): FollowerAppend {
    const { logDirectory } = this;
    const append = logDirectory.guardAppend(() => this.followerAppend(batches, leaderEpoch), null);
    return append ?? refusedFollowerAppend(STORAGE_REFUSAL);
  }

  private followerAppend(batches: Uint8Array, leaderEpoch: number): FollowerAppend {
    this.startInsideBatch(batches);
    const check = checkFetchedBatches(batches, leaderEpoch, this);
    if (check.error !== 0) return refusedFollowerAppend(check as Refusal);
    const validBytes = (check as { validBytes: number }).validBytes;
    const baseOffset = this.logEndOffset;
    const nowMs = this.environment.clock.wallMs();
    for (let at = 0; at < validBytes; ) {
      const end = this.endOfWrite(batches, at, validBytes);
      this.assignEpochs(batches, at, end);
      this.write(at === 0 && end === batches.length ? batches : batches.subarray(at, end), nowMs);
      at = end;
    }
    if (validBytes > 0) {
      this.tellFetched(batches, validBytes, baseOffset);
      this.flusher.appended(
        this.segments,
        baseOffset,
        this.logEndOffset,
        this.config.flushMessages,
      );
    }
    return {
      error: ErrorCode.NONE,
      errorMessage: null,
      baseOffset: validBytes > 0 ? baseOffset : -1,
      lastOffset: validBytes > 0 ? this.logEndOffset - 1 : -1,
      appendedBytes: validBytes,
    };
  }

  /** Kafka: Partition.appendRecordsToFollowerOrFutureReplica, on UnexpectedAppendOffsetException. */
  private startInsideBatch(batches: Uint8Array): void {
    if (this.logEndOffset !== this.logStartOffset || batches.length < 61) return;
    const baseOffset = baseOffsetAt(batches, 0);
    if (baseOffset >= this.logEndOffset || lastOffsetAt(batches, 0) < this.logEndOffset) return;
    this.restartAt(baseOffset, 'first fetched batch');
  }

  /** Where a write that begins at `at` must end to fit into one segment. */
  private endOfWrite(batches: Uint8Array, at: number, validBytes: number): number {
    const { segmentBytes } = this.config;
    const active = this.segments.active;
    const firstEnd = at + batchSizeAt(batches, at);
    const fits = active.sizeBytes + (firstEnd - at) <= segmentBytes;
    const room = fits ? segmentBytes - active.sizeBytes : segmentBytes;
    let end = firstEnd;
    while (end < validBytes) {
      const next = end + batchSizeAt(batches, end);
      if (next - at > room) break;
      end = next;
    }
    return end;
  }

  /** Told by leader epoch, as the batches have it: a follower may be far behind its leader's. */
  private tellFetched(batches: Uint8Array, validBytes: number, baseOffset: number): void {
    const { trace } = this.environment;
    let from = baseOffset;
    let epoch = leaderEpochAt(batches, 0);
    for (let at = batchSizeAt(batches, 0); at < validBytes; at += batchSizeAt(batches, at)) {
      const next = leaderEpochAt(batches, at);
      if (next === epoch) continue;
      const end = baseOffsetAt(batches, at);
      trace.emit('log.appended', this.name, from, end, epoch, 'follower', -1, -1, -1);
      from = end;
      epoch = next;
    }
    trace.emit('log.appended', this.name, from, this.logEndOffset, epoch, 'follower', -1, -1, -1);
  }

  private assignEpochs(batches: Uint8Array, start: number, end: number): void {
    for (let at = start; at < end; at += batchSizeAt(batches, at)) {
      this.epochs.assign(leaderEpochAt(batches, at), baseOffsetAt(batches, at));
    }
  }

  // Reading

  /**
   * Whole batches from the one that contains `startOffset`, at most `maxBytes` of them and none
   * that reaches beyond the bound of `isolation`; with `minOneBatch` the first one comes however
   * large it is. From one segment at a time. The bytes are shared: never write into them.
   */
  read(
    startOffset: number,
    maxBytes: number,
    isolation: ReadIsolation,
    minOneBatch: boolean,
  ): LogRead {
    if (startOffset < this.logStartOffset || startOffset > this.logEndOffset) {
      return refusedRead(ErrorCode.OFFSET_OUT_OF_RANGE);
    }
    const endOffset = isolation === 'log_end' ? this.logEndOffset : this.highWatermark;
    const read = this.logDirectory.guard(
      () => readSegments(this.segments, startOffset, endOffset, maxBytes, minOneBatch),
      null,
    );
    return read ?? refusedRead(ErrorCode.KAFKA_STORAGE_ERROR);
  }

  /**
   * How many bytes a read from `startOffset` could return now; `Infinity` when the offset lies on
   * an older segment than the bound (a waiting fetch is answered then).
   */
  readableBytes(startOffset: number, isolation: ReadIsolation): number {
    const endOffset = isolation === 'log_end' ? this.logEndOffset : this.highWatermark;
    if (startOffset >= endOffset) return 0;
    return this.logDirectory.guard(() => bytesBetween(this.segments, startOffset, endOffset), 0);
  }

  /** See Kafka's ListOffsets with a timestamp; null when no record is that young. */
  offsetForTimestamp(timestampMs: number): TimestampOffset | null {
    const from = this.logStartOffset;
    return this.logDirectory.guard(
      () => findByTimestamp(this.segments.all, timestampMs, from, this.environment.codecs),
      null,
    );
  }

  /** The record with the largest timestamp (ListOffsets -3); null in an empty log. */
  maxTimestampOffset(): TimestampOffset | null {
    return this.logDirectory.guard(
      () => findMaxTimestamp(this.segments.all, this.environment.codecs),
      null,
    );
  }
}
