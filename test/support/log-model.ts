/**
 * A naive model of one replica's log beside the real one, for property tests: the list of its
 * batches, every version that the list ever had, and what must be true after a crash.
 */
import { expect } from 'vitest';
import type { Log } from '../../kafka/log/log.ts';
import type { LogConfig } from '../../kafka/log/log-config.ts';
import {
  baseOffsetAt,
  batchSizeAt,
  crcAt,
  int32At,
  int64At,
  lastOffsetAt,
  lastSequenceAt,
  leaderEpochAt,
  maxTimestampAt,
  producerEpochAt,
  producerIdAt,
  setBaseOffset,
  setLeaderEpoch,
  validateBatch,
} from '../../kafka/records/batch.ts';
import type { PowerCutStyle } from '../../sim/disk/faults.ts';
import { batchOf, LogLab } from './log-lab.ts';
import { TestCrash } from './memory-disk.ts';

export type Command =
  | { kind: 'lead'; records: number; valueBytes: number; producer: number | null }
  | { kind: 'follow'; batches: number; valueBytes: number; newEpoch: boolean }
  | { kind: 'elect' }
  | { kind: 'truncate'; back: number }
  | { kind: 'restart'; ahead: number }
  | { kind: 'endFlush'; choice: number; count: number }
  | { kind: 'flush' }
  | { kind: 'highWatermark'; back: number }
  | { kind: 'logStart'; ahead: number }
  | { kind: 'retention' }
  | { kind: 'advance'; ms: number }
  | { kind: 'read'; at: number; maxBytes: number; minOneBatch: boolean }
  | { kind: 'stop' }
  | { kind: 'kill' }
  | { kind: 'powerCut'; style: PowerCutStyle }
  | {
      kind: 'armCrash';
      calls: number;
      when: 'before' | 'after' | 'torn';
      powerCut: PowerCutStyle | null;
    };

interface ModelBatch {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly epoch: number;
  readonly crc: number;
}

type Version = readonly ModelBatch[];

export class LogModel {
  readonly lab: LogLab;
  log: Log;
  batches: Version = [];
  /** Every version that the log may fall back to. */
  versions: Version[] = [[]];
  epoch = 0;
  private readonly sequences = new Map<number, number>();
  private crashStyle: PowerCutStyle | null = null;
  private fill = 0;

  constructor(config: Partial<LogConfig>, seed: string) {
    const broker = {
      'log.flush.offset.checkpoint.interval.ms': '200',
      'log.flush.start.offset.checkpoint.interval.ms': '300',
      'replica.high.watermark.checkpoint.interval.ms': '100',
      'log.initial.task.delay.ms': '50',
    };
    this.lab = new LogLab(config, seed, broker);
    this.lab.manager.load();
    this.lab.manager.startBackgroundTasks();
    this.log = this.lab.log();
  }

  run(command: Command): void {
    try {
      this.apply(command);
    } catch (error) {
      if (!(error instanceof TestCrash)) throw error;
      this.crash(this.crashStyle);
    }
    this.checkLive();
  }

  private apply(command: Command): void {
    const { lab, log } = this;
    switch (command.kind) {
      case 'lead':
        return this.lead(command);
      case 'follow':
        return this.follow(command);
      case 'elect':
        this.epoch += 1;
        return log.assignEpochStart(this.epoch, log.logEndOffset);
      case 'truncate':
        return this.truncate(Math.max(0, log.logEndOffset - command.back));
      case 'restart': {
        this.push([]);
        return log.truncateFullyAndStartAt(log.logEndOffset + command.ahead);
      }
      case 'endFlush':
        for (let i = 0; i < command.count; i++) {
          lab.disk.endFlush(lab.environment.flushed, command.choice);
        }
        return;
      case 'flush':
        return log.flush();
      case 'highWatermark':
        return void log.updateHighWatermark(log.logEndOffset - command.back);
      case 'logStart':
        return void log.maybeIncrementLogStartOffset(log.logStartOffset + command.ahead);
      case 'retention':
        return void log.deleteOldSegments();
      case 'advance':
        return lab.advance(command.ms);
      case 'read':
        return this.read(command);
      case 'stop':
        lab.manager.shutdownCleanly(1, () => undefined);
        lab.endFlushes();
        lab.disk.kill();
        return this.reboot('exact');
      case 'kill':
        return this.crash(null);
      case 'powerCut':
        return this.crash(command.style);
      case 'armCrash':
        lab.disk.crashAfterCalls = command.calls;
        lab.disk.crashWhen = command.when;
        this.crashStyle = command.powerCut;
        return;
    }
  }

  /** The version goes in before the call: a crash inside may have written it. */
  private push(version: Version): void {
    this.batches = version;
    this.versions.push(version);
  }

  private lead(command: { records: number; valueBytes: number; producer: number | null }): void {
    this.fill = (this.fill + 1) & 127;
    const { records, valueBytes, producer } = command;
    const baseSequence = producer === null ? -1 : (this.sequences.get(producer) ?? 0);
    const idempotence =
      producer === null ? {} : { producerId: producer, producerEpoch: 0, baseSequence };
    const batch = batchOf(records, {
      ...idempotence,
      valueBytes,
      fill: this.fill,
      timestampMs: this.lab.nowMs,
    });
    if (batch.length > this.log.config.segmentBytes) {
      expect(this.log.appendAsLeader(batch, this.epoch, 'client').error).toBe(18);
      return;
    }
    if (this.log.latestEpoch > this.epoch) this.epoch = this.log.latestEpoch;
    const baseOffset = this.log.logEndOffset;
    const stamped = batch.slice();
    setBaseOffset(stamped, 0, baseOffset);
    setLeaderEpoch(stamped, 0, this.epoch);
    this.push([...this.batches, modelBatch(stamped, 0)]);
    const appended = this.log.appendAsLeader(batch, this.epoch, 'client');
    expect(appended).toMatchObject({ error: 0, baseOffset, duplicate: false });
    if (producer !== null) this.sequences.set(producer, baseSequence + records);
  }

  private follow(command: { batches: number; valueBytes: number; newEpoch: boolean }): void {
    if (command.newEpoch) this.epoch += 1;
    if (this.log.latestEpoch > this.epoch) this.epoch = this.log.latestEpoch;
    const chunk: Uint8Array[] = [];
    let offset = this.log.logEndOffset;
    for (let i = 0; i < command.batches; i++) {
      this.fill = (this.fill + 1) & 127;
      const batch = batchOf(1 + (i % 3), {
        baseOffset: offset,
        leaderEpoch: this.epoch,
        valueBytes: command.valueBytes,
        fill: this.fill,
        timestampMs: this.lab.nowMs - 5 * (i % 2),
      });
      chunk.push(batch);
      offset = lastOffsetAt(batch, 0) + 1;
      this.push([...this.batches, modelBatch(batch, 0)]);
    }
    const bytes = new Uint8Array(chunk.reduce((sum, batch) => sum + batch.length, 7));
    let at = 0;
    for (const batch of chunk) {
      bytes.set(batch, at);
      at += batch.length;
    }
    expect(this.log.appendAsFollower(bytes, this.epoch).error).toBe(0);
    expect(this.log.logEndOffset).toBe(offset);
  }

  private truncate(offset: number): void {
    this.push(this.batches.filter((batch) => batch.lastOffset < offset));
    this.log.truncateTo(offset);
    this.sequences.clear();
    for (const producer of this.log.producers.all()) {
      this.sequences.set(producer.producerId, producer.lastSequence + 1);
    }
  }

  private read(command: { at: number; maxBytes: number; minOneBatch: boolean }): void {
    const { log } = this;
    const span = log.logEndOffset - log.logStartOffset;
    const start = log.logStartOffset + (span === 0 ? 0 : command.at % (span + 1));
    for (const isolation of ['log_end', 'high_watermark'] as const) {
      const bound = isolation === 'log_end' ? log.logEndOffset : log.highWatermark;
      const { error, records } = log.read(start, command.maxBytes, isolation, command.minOneBatch);
      expect(error).toBe(0);
      const got = batchesIn(records);
      const wanted = this.batches.filter((b) => b.lastOffset >= start && b.lastOffset < bound);
      expect(got).toEqual(wanted.slice(0, got.length));
      if (got.length > 1) expect(records.length).toBeLessThanOrEqual(command.maxBytes);
      if (got.length === 0 && command.minOneBatch) expect(wanted).toEqual([]);
      if (records.length === 0 && start >= bound)
        expect(log.readableBytes(start, isolation)).toBe(0);
    }
  }

  private crash(style: PowerCutStyle | null): void {
    this.crashStyle = null;
    if (style === null) this.lab.disk.kill();
    else this.lab.disk.powerCut(style);
    this.reboot(style === null ? 'page cache' : 'durable');
  }

  private reboot(kept: 'exact' | 'page cache' | 'durable'): void {
    const promised = kept === 'exact' ? this.log.logEndOffset : this.log.recoveryPoint;
    const before = this.batches.filter((batch) => batch.lastOffset < promised);
    const logStartOffset = this.log.logStartOffset;
    const whole = this.batches;
    this.lab.boot();
    this.lab.manager.startBackgroundTasks();
    this.log = this.lab.log();
    const recovered = this.stored();
    const matching = this.versions.filter((version) => isContainedPrefix(recovered, version));
    expect(matching.length, 'the recovered log is a prefix of no version').toBeGreaterThan(0);
    const { log } = this;
    for (const batch of before) {
      if (batch.lastOffset < Math.max(log.logStartOffset, logStartOffset)) continue;
      expect(recovered, 'flushed records are missing').toContainEqual(batch);
    }
    if (kept === 'exact')
      expect(lastFrom(recovered, 0)).toEqual(lastFrom(whole, this.log.segments.first.baseOffset));
    const version = matching.at(-1) ?? [];
    const below = version.filter((batch) => batch.lastOffset < log.logEndOffset);
    this.batches = recovered.length === 0 ? [] : below;
    // What recovery cuts is cut in the page cache: the next power cut may bring it back.
    if (kept === 'exact') this.versions = [this.batches];
    else this.versions.push(this.batches);
    this.checkRebuilt(recovered);
    this.sequences.clear();
    for (const producer of log.producers.all()) {
      this.sequences.set(producer.producerId, producer.lastSequence + 1);
    }
  }

  /** Every batch in the segment files, checked byte by byte. */
  private stored(): ModelBatch[] {
    const found: ModelBatch[] = [];
    let expectedOffset: number | null = null;
    for (const segment of this.log.segments.all) {
      const bytes = this.lab.disk.contents(segment.path('.log'));
      if (expectedOffset !== null) expect(segment.baseOffset).toBe(expectedOffset);
      expectedOffset = segment.baseOffset;
      for (let at = 0; at < bytes.length; at += batchSizeAt(bytes, at)) {
        expect(validateBatch(bytes, at, bytes.length)).toBeNull();
        expect(baseOffsetAt(bytes, at)).toBe(expectedOffset);
        found.push(modelBatch(bytes, at));
        expectedOffset = lastOffsetAt(bytes, at) + 1;
      }
    }
    expect(this.log.logEndOffset).toBe(expectedOffset);
    return found;
  }

  /** Epochs, producers and indexes equal what the batches say. */
  private checkRebuilt(recovered: readonly ModelBatch[]): void {
    const { log } = this;
    const epochs: { epoch: number; startOffset: number }[] = [];
    for (const batch of recovered) {
      if (batch.lastOffset < log.logStartOffset || epochs.at(-1)?.epoch === batch.epoch) continue;
      epochs.push({
        epoch: batch.epoch,
        startOffset: Math.max(batch.baseOffset, log.logStartOffset),
      });
    }
    // A log start offset whose checkpoint was lost may have trimmed the epochs durably.
    const firstKnown = log.epochs.all[0]?.startOffset ?? 0;
    const trimmed = epochs
      .filter((_, i) => (epochs[i + 1]?.startOffset ?? Number.POSITIVE_INFINITY) > firstKnown)
      .map((entry) => ({ ...entry, startOffset: Math.max(entry.startOffset, firstKnown) }));
    expect(log.epochs.all).toEqual(trimmed);
    this.checkProducers();
    for (const segment of log.segments.all) this.checkIndexes(segment.path(''));
  }

  private checkProducers(): void {
    const last = new Map<number, [epoch: number, sequence: number, offset: number]>();
    const { log } = this;
    for (const segment of log.segments.all) {
      const bytes = this.lab.disk.contents(segment.path('.log'));
      for (let at = 0; at < bytes.length; at += batchSizeAt(bytes, at)) {
        if (producerIdAt(bytes, at) < 0 || lastOffsetAt(bytes, at) < log.logStartOffset) continue;
        const state: [number, number, number] = [
          producerEpochAt(bytes, at),
          lastSequenceAt(bytes, at),
          lastOffsetAt(bytes, at),
        ];
        last.set(producerIdAt(bytes, at), state);
      }
    }
    for (const [producerId, state] of last) {
      const known = log.producers.get(producerId);
      expect([known?.producerEpoch, known?.lastSequence, known?.lastOffset]).toEqual(state);
    }
    for (const producer of log.producers.all()) {
      expect(producer.lastOffset).toBeLessThan(log.logEndOffset);
    }
  }

  private checkIndexes(path: string): void {
    const { disk } = this.lab;
    const log = disk.contents(`${path}.log`);
    const index = disk.contents(`${path}.index`);
    const timeIndex = disk.contents(`${path}.timeindex`);
    const baseOffset = Number(path.slice(-20));
    expect([index.length % 8, timeIndex.length % 12]).toEqual([0, 0]);
    for (let at = 0; at < index.length; at += 8) {
      expect(lastOffsetAt(log, int32At(index, at + 4))).toBe(baseOffset + int32At(index, at));
    }
    for (let at = 0; at < timeIndex.length; at += 12) {
      const upTo = baseOffset + int32At(timeIndex, at + 8);
      let newest = -1;
      for (let b = 0; b < log.length && baseOffsetAt(log, b) <= upTo; b += batchSizeAt(log, b)) {
        newest = Math.max(newest, maxTimestampAt(log, b));
      }
      expect(int64At(timeIndex, at)).toBe(newest);
    }
  }

  private checkLive(): void {
    const { log } = this;
    const last = lastFrom(this.batches, log.segments.first.baseOffset);
    if (last !== null) expect(log.logEndOffset).toBe(last.lastOffset + 1);
    expect(log.logStartOffset).toBeLessThanOrEqual(log.highWatermark);
    expect(log.highWatermark).toBeLessThanOrEqual(log.logEndOffset);
    expect(log.recoveryPoint).toBeLessThanOrEqual(log.logEndOffset);
    expect(log.acknowledgedEndOffset).toBeLessThanOrEqual(log.logEndOffset);
    if (log.config.flushMessages === 1) {
      const durable = Math.max(log.recoveryPoint, log.logStartOffset);
      expect(durable).toBeGreaterThanOrEqual(log.acknowledgedEndOffset);
    }
    expect(this.lab.failed).toEqual([]);
  }
}

function modelBatch(bytes: Uint8Array, at: number): ModelBatch {
  return {
    baseOffset: baseOffsetAt(bytes, at),
    lastOffset: lastOffsetAt(bytes, at),
    epoch: leaderEpochAt(bytes, at),
    crc: crcAt(bytes, at),
  };
}

function batchesIn(bytes: Uint8Array): ModelBatch[] {
  const batches: ModelBatch[] = [];
  for (let at = 0; at < bytes.length; at += batchSizeAt(bytes, at)) {
    batches.push(modelBatch(bytes, at));
  }
  return batches;
}

/** Whether the batches lie in the version one after the other. */
function isContainedPrefix(found: readonly ModelBatch[], version: Version): boolean {
  const first = found[0];
  if (first === undefined) return true;
  const start = version.findIndex((batch) => batch.baseOffset === first.baseOffset);
  if (start < 0) return false;
  return found.every((batch, i) => {
    const other = version[start + i];
    return other !== undefined && sameBatch(batch, other);
  });
}

function sameBatch(a: ModelBatch, b: ModelBatch): boolean {
  return (
    a.baseOffset === b.baseOffset &&
    a.lastOffset === b.lastOffset &&
    a.epoch === b.epoch &&
    a.crc === b.crc
  );
}

function lastFrom(version: Version, logStartOffset: number): ModelBatch | null {
  const last = version.at(-1) ?? null;
  return last !== null && last.lastOffset >= logStartOffset ? last : null;
}
