/**
 * The idempotent producers of one log, and their snapshot files (Kafka: ProducerStateManager).
 * The state covers exactly the batches below `mapEndOffset`; a snapshot at offset o holds state of
 * batches below o only (KAFKA-6683), so it stays true whatever is appended later.
 */
import { WireError } from '../base/reader.ts';
import type { FileId } from '../host.ts';
import {
  baseOffsetAt,
  baseSequenceAt,
  isControlAt,
  lastOffsetAt,
  maxTimestampAt,
  NO_PRODUCER_ID,
  producerEpochAt,
  producerIdAt,
} from '../records/batch.ts';
import {
  type ControlRecord,
  ControlRecordType,
  coordinatorEpochOf,
  decodeControlBatch,
} from '../records/control.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { LogEnvironment } from './environment.ts';
import { fileName, offsetOfFile, PRODUCER_SNAPSHOT_SUFFIX } from './file-names.ts';
import { decodeSnapshot, encodeSnapshot } from './producer-snapshot.ts';
import { type CachedBatch, ProducerState } from './producer-state.ts';

/** A batch may be written (`ok`), was written before (`duplicate`), or is refused. */
export type ProducerCheck =
  | { readonly kind: 'ok' }
  | { readonly kind: 'duplicate'; readonly batch: CachedBatch }
  | { readonly kind: 'refused'; readonly error: ErrorCode; readonly message: string };

const OK: ProducerCheck = { kind: 'ok' };
/** Version and coordinator epoch: the value of an end-transaction marker. */
const END_MARKER_BYTES = 6;

export class ProducerStateManager {
  /** Exclusive end of the batches that the state covers. */
  mapEndOffset = 0;
  private producers = new Map<number, ProducerState>();
  /** Offsets of the snapshot files that exist, rising. */
  private snapshotOffsets: number[] = [];
  /** The files behind the snapshots that this process took, by offset. */
  private readonly snapshotFiles = new Map<number, FileId>();
  private readonly environment: LogEnvironment;
  /** The partition's directory; changes when the log is renamed for deletion. */
  private readonly directoryPath: () => string;
  private readonly expirationMs: number;
  private readonly name: string;

  constructor(
    environment: LogEnvironment,
    log: { name: string; directoryPath: () => string; expirationMs: number },
  ) {
    this.environment = environment;
    this.name = log.name;
    this.directoryPath = log.directoryPath;
    this.expirationMs = log.expirationMs;
  }

  get size(): number {
    return this.producers.size;
  }

  all(): IterableIterator<ProducerState> {
    return this.producers.values();
  }

  get(producerId: number): ProducerState | undefined {
    return this.producers.get(producerId);
  }

  /** Judges a client's data batch, in Kafka's order: repeat, epoch, sequence. */
  checkClientBatch(bytes: Uint8Array, at: number): ProducerCheck {
    const producer = this.producers.get(producerIdAt(bytes, at));
    if (producer === undefined) return this.checkUnknown(bytes, at);
    const repeated = producer.findDuplicate(bytes, at);
    if (repeated !== null && this.recognises(producer, repeated)) {
      return { kind: 'duplicate', batch: repeated };
    }
    const problem = producer.check(bytes, at);
    if (problem === null) return OK;
    const who = `producer ${producer.producerId} in ${this.name}`;
    if (problem === 'invalid-producer-epoch') {
      const current = producer.producerEpoch;
      const message = `epoch ${producerEpochAt(bytes, at)} of ${who} is older than ${current}`;
      return { kind: 'refused', error: ErrorCode.INVALID_PRODUCER_EPOCH, message };
    }
    const message = `out of order sequence of ${who}: the last one is ${producer.lastSequence}`;
    return { kind: 'refused', error: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, message };
  }

  /** Any first sequence is taken: the records before may be deleted (KIP-360). */
  private checkUnknown(bytes: Uint8Array, at: number): ProducerCheck {
    const sequence = baseSequenceAt(bytes, at);
    if (sequence <= 0 || !this.environment.rules.forgottenProducer.refuses(this.name)) return OK;
    const message = `${this.name} knows no producer ${producerIdAt(bytes, at)}`;
    return { kind: 'refused', error: ErrorCode.UNKNOWN_PRODUCER_ID, message };
  }

  private recognises(producer: ProducerState, repeated: CachedBatch): boolean {
    const isLast = repeated.lastOffset === producer.lastOffset;
    return isLast || this.environment.rules.dedupWindow.recognisesOlder(this.name);
  }

  /** Judges a transaction marker that a coordinator sent. */
  checkMarker(bytes: Uint8Array, at: number): ProducerCheck {
    const producer = this.producers.get(producerIdAt(bytes, at));
    if (producer === undefined) return OK;
    if (producerEpochAt(bytes, at) < producer.producerEpoch) {
      const message = `a marker of an old epoch of producer ${producer.producerId} in ${this.name}`;
      return { kind: 'refused', error: ErrorCode.INVALID_PRODUCER_EPOCH, message };
    }
    if (coordinatorEpochOf(decodeControlBatch(bytes, at).value) < producer.coordinatorEpoch) {
      const message = `a marker of a deposed coordinator for producer ${producer.producerId}`;
      return { kind: 'refused', error: ErrorCode.TRANSACTION_COORDINATOR_FENCED, message };
    }
    return OK;
  }

  /** Takes a batch of the log in; batches below `mapEndOffset` are known already. */
  append(bytes: Uint8Array, at: number): void {
    if (
      producerIdAt(bytes, at) !== NO_PRODUCER_ID &&
      baseOffsetAt(bytes, at) >= this.mapEndOffset
    ) {
      this.appendProduced(bytes, at);
    }
    this.mapEndOffset = lastOffsetAt(bytes, at) + 1;
  }

  private appendProduced(bytes: Uint8Array, at: number): void {
    const producerId = producerIdAt(bytes, at);
    if (!isNumber(producerId) || !isNumber(maxTimestampAt(bytes, at))) return;
    let producer = this.producers.get(producerId);
    if (producer === undefined) {
      producer = new ProducerState(producerId);
      this.producers.set(producerId, producer);
    }
    if (!isControlAt(bytes, at)) return producer.appendBatch(bytes, at);
    const control = storedControl(bytes, at);
    if (control === null || control.type > ControlRecordType.COMMIT) return;
    producer.appendMarker({
      producerEpoch: producerEpochAt(bytes, at),
      coordinatorEpoch: coordinatorEpochOf(control.value),
      timestampMs: maxTimestampAt(bytes, at),
    });
  }

  /** Forgets producers that have been silent for longer than producer.id.expiration.ms. */
  removeExpired(nowMs: number): void {
    for (const producer of this.producers.values()) {
      if (this.isExpired(producer, nowMs)) this.producers.delete(producer.producerId);
    }
  }

  private isExpired(producer: ProducerState, nowMs: number): boolean {
    if (producer.currentTxnFirstOffset >= 0) return false;
    return nowMs - producer.lastTimestampMs >= this.expirationMs;
  }

  /** The log begins at `offset` now. */
  logBegins(offset: number): void {
    const { forgottenProducer } = this.environment.rules;
    for (const producer of this.producers.values()) {
      if (producer.lastOffset >= offset || producer.currentTxnFirstOffset >= 0) continue;
      if (forgottenProducer.forgets(this.name)) this.producers.delete(producer.producerId);
    }
  }

  /** Finds the snapshot files that lie in the directory. */
  loadSnapshotNames(names: readonly string[]): void {
    this.snapshotOffsets = [];
    for (const name of names) {
      const offset = offsetOfFile(name, PRODUCER_SNAPSHOT_SUFFIX);
      if (offset !== null) this.snapshotOffsets.push(offset);
    }
  }

  /**
   * Empties the state and loads the newest intact snapshot in (logStartOffset, endOffset]; the
   * caller replays the log from `mapEndOffset` on. Snapshots out of that range and damaged ones
   * are removed: left alone, they could become wrong later.
   * @returns whether files were removed, for the caller to sync the directory.
   */
  restart(logStartOffset: number, endOffset: number, nowMs: number): boolean {
    this.producers = new Map();
    this.mapEndOffset = logStartOffset;
    const before = this.snapshotOffsets.length;
    this.removeSnapshots((offset) => offset <= logStartOffset || offset > endOffset);
    for (;;) {
      const offset = this.snapshotOffsets[this.snapshotOffsets.length - 1];
      if (offset === undefined) break;
      const loaded = decodeSnapshot(this.readSnapshot(offset));
      if (loaded !== null) {
        this.startFrom(loaded, offset, nowMs);
        break;
      }
      this.removeSnapshots((other) => other === offset);
    }
    return this.snapshotOffsets.length < before;
  }

  private startFrom(loaded: readonly ProducerState[], offset: number, nowMs: number): void {
    this.mapEndOffset = offset;
    for (const producer of loaded) {
      if (!this.isExpired(producer, nowMs)) this.producers.set(producer.producerId, producer);
    }
  }

  private readSnapshot(offset: number): Uint8Array {
    const { disk } = this.environment;
    const file = disk.open(this.snapshotPath(offset), 'existing');
    const bytes = disk.read(file, 0, disk.size(file));
    disk.close(file);
    return bytes;
  }

  /** Empties the state: the log begins anew at `offset`. */
  reset(offset: number): void {
    this.producers = new Map();
    this.mapEndOffset = offset;
    this.removeSnapshots(() => true);
  }

  /**
   * Writes the state as a snapshot at `mapEndOffset`, unless there is one.
   * @returns the file, open, for the caller to flush and close; null when nothing was written.
   */
  takeSnapshot(): FileId | null {
    const newest = this.snapshotOffsets[this.snapshotOffsets.length - 1] ?? -1;
    if (this.mapEndOffset <= newest) return null;
    const { disk } = this.environment;
    const bytes = encodeSnapshot(this.producers.values());
    const file = disk.open(this.snapshotPath(this.mapEndOffset), 'create');
    disk.truncate(file, 0);
    disk.write(file, 0, bytes);
    this.snapshotOffsets.push(this.mapEndOffset);
    this.snapshotFiles.set(this.mapEndOffset, file);
    return file;
  }

  /** Whether `file`, which `takeSnapshot` gave for this offset, has not been removed since. */
  isSnapshotFile(offset: number, file: FileId): boolean {
    return this.snapshotFiles.get(offset) === file;
  }

  removeSnapshotAt(offset: number): void {
    this.removeSnapshots((other) => other === offset);
  }

  private removeSnapshots(unwanted: (offset: number) => boolean): void {
    for (const offset of this.snapshotOffsets) {
      if (!unwanted(offset)) continue;
      this.snapshotFiles.delete(offset);
      this.environment.disk.remove(this.snapshotPath(offset));
    }
    this.snapshotOffsets = this.snapshotOffsets.filter((offset) => !unwanted(offset));
  }

  private snapshotPath(offset: number): string {
    return `${this.directoryPath()}/${fileName(offset, PRODUCER_SNAPSHOT_SUFFIX)}`;
  }
}

/** Other values are of rotten batches: a replay verifies no checksums, who fetches finds out. */
function isNumber(value: number): boolean {
  return Number.isSafeInteger(value);
}

/** Null for a rotten one. */
function storedControl(bytes: Uint8Array, at: number): ControlRecord | null {
  try {
    const control = decodeControlBatch(bytes, at);
    return control.value.length < END_MARKER_BYTES ? null : control;
  } catch (problem) {
    if (!(problem instanceof WireError)) throw problem;
    return null;
  }
}
