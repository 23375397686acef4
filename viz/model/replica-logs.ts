/**
 * Every batch that every replica ever wrote, with the event that wrote it and the event that took
 * it away: the boxes of the partition log, and its ghosts, at any position.
 */
import type { TraceEvent } from '../../sim/trace/rows.ts';
import { brokerNameOf } from './state.ts';
import type { TraceStore } from './trace-store.ts';
import { wider } from './wider.ts';

/** Records [baseOffset, endOffset) as one append wrote them. */
export interface LogBatch {
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly leaderEpoch: number;
  /** The event that wrote it, or that cut a longer batch down to it. */
  readonly bornEvent: number;
  /** The event that took it away, 0 = none, and why. */
  readonly goneEvent: number;
  readonly why: string;
}

const RETIRED = 'below the log start';

export class ReplicaLog {
  count = 0;
  private capacity = 64;
  private baseOffsets: Float64Array = new Float64Array(64);
  private endOffsets: Float64Array = new Float64Array(64);
  private epochs: Int32Array = new Int32Array(64);
  private born: Uint32Array = new Uint32Array(64);
  private gone: Uint32Array = new Uint32Array(64);
  /** By row: a place in `reasons`. */
  private whys: Uint8Array = new Uint8Array(64);
  private readonly reasons: string[] = ['', RETIRED];
  /** Rows that are there now, in the order of their offsets. */
  private alive: number[] = [];

  appended(event: number, batch: { baseOffset: number; endOffset: number; epoch: number }): void {
    if (this.count === this.capacity) this.grow();
    const row = this.count++;
    this.baseOffsets[row] = batch.baseOffset;
    this.endOffsets[row] = batch.endOffset;
    this.epochs[row] = batch.epoch;
    this.born[row] = event;
    this.alive.push(row);
  }

  /** What lies at or above `endOffset` goes; of a batch that is cut through, the rest stays. */
  cut(event: number, endOffset: number, why: string): void {
    while (this.alive.length > 0) {
      const row = this.alive[this.alive.length - 1] as number;
      if ((this.endOffsets[row] as number) <= endOffset) return;
      this.alive.pop();
      this.gone[row] = event;
      this.whys[row] = this.reason(why);
      const baseOffset = this.baseOffsets[row] as number;
      if (baseOffset >= endOffset) continue;
      const epoch = this.epochs[row] as number;
      this.appended(event, { baseOffset, endOffset, epoch });
      return;
    }
  }

  /** Batches that a cut took are there again: it had not become durable. */
  restored(event: number, endOffset: number): void {
    let end = this.endOffset;
    for (let row = 0; row < this.count && end < endOffset; row++) {
      const isNext = this.gone[row] !== 0 && this.baseOffsets[row] === end;
      if (!isNext || (this.endOffsets[row] as number) > endOffset) continue;
      const epoch = this.epochs[row] as number;
      const batch = { baseOffset: end, endOffset: this.endOffsets[row] as number, epoch };
      this.appended(event, batch);
      end = batch.endOffset;
    }
    if (end < endOffset) this.appended(event, { baseOffset: end, endOffset, epoch: -1 });
  }

  started(logStartOffset: number, event: number): void {
    let count = 0;
    for (const row of this.alive) {
      if ((this.endOffsets[row] as number) > logStartOffset) break;
      this.gone[row] = event;
      this.whys[row] = 1;
      count += 1;
    }
    if (count > 0) this.alive = this.alive.slice(count);
  }

  get endOffset(): number {
    const last = this.alive[this.alive.length - 1];
    return last === undefined ? 0 : (this.endOffsets[last] as number);
  }

  /**
   * The batches that are there after event `position` and reach into offsets [from, to), in the
   * order of their offsets.
   */
  batchesAt(position: number, window: { from: number; to: number }): LogBatch[] {
    const found: LogBatch[] = [];
    for (let row = this.rowsBornBy(position) - 1; row >= 0; row--) {
      const gone = this.gone[row] as number;
      if (gone !== 0 && gone <= position) continue;
      if ((this.baseOffsets[row] as number) >= window.to) continue;
      if ((this.endOffsets[row] as number) <= window.from) break;
      found.push(this.batch(row));
    }
    return found.reverse();
  }

  /** Batches that were cut off at or before `position`, oldest first; not those that retention took. */
  ghostsAt(position: number): LogBatch[] {
    const found: LogBatch[] = [];
    for (let row = 0; row < this.count; row++) {
      const gone = this.gone[row] as number;
      if (gone === 0 || gone > position || this.whys[row] === 1) continue;
      found.push(this.batch(row));
    }
    return found;
  }

  /** The batch with this offset that is there after event `position`. */
  writtenBy(offset: number, position: number): LogBatch | null {
    return this.batchesAt(position, { from: offset, to: offset + 1 })[0] ?? null;
  }

  /** Every batch that ever held this offset, in the order in which they were written. */
  historyOf(offset: number): LogBatch[] {
    const found: LogBatch[] = [];
    for (let row = 0; row < this.count; row++) {
      const isIt =
        (this.baseOffsets[row] as number) <= offset && (this.endOffsets[row] as number) > offset;
      if (isIt) found.push(this.batch(row));
    }
    return found;
  }

  private batch(row: number): LogBatch {
    const goneEvent = this.gone[row] as number;
    return {
      baseOffset: this.baseOffsets[row] as number,
      endOffset: this.endOffsets[row] as number,
      leaderEpoch: this.epochs[row] as number,
      bornEvent: this.born[row] as number,
      goneEvent,
      why: this.reasons[this.whys[row] as number] ?? '',
    };
  }

  private reason(why: string): number {
    const known = this.reasons.indexOf(why);
    if (known >= 0) return known;
    return this.reasons.push(why) - 1;
  }

  private rowsBornBy(position: number): number {
    let low = 0;
    let high = this.count;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.born[middle] as number) <= position) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private grow(): void {
    this.capacity *= 2;
    const { capacity } = this;
    this.baseOffsets = wider(this.baseOffsets, capacity);
    this.endOffsets = wider(this.endOffsets, capacity);
    this.epochs = wider(this.epochs, capacity);
    this.born = wider(this.born, capacity);
    this.gone = wider(this.gone, capacity);
    this.whys = wider(this.whys, capacity);
  }
}

export class ReplicaLogs {
  readonly kinds: readonly string[] = [
    'log.appended',
    'log.truncated',
    'log.recovered',
    'log.started',
    'replica.deleted',
  ];
  private readonly store: TraceStore;
  /** By partition, then by node. */
  private readonly logs = new Map<string, Map<string, ReplicaLog>>();

  /** By partition and leader epoch, the node that wrote as leader. */
  private readonly leaders = new Map<string, Map<number, string>>();

  constructor(store: TraceStore) {
    this.store = store;
  }

  /** Empty for a replica that never wrote. */
  of(partition: string, broker: number): ReplicaLog {
    return this.logs.get(partition)?.get(brokerNameOf(broker)) ?? NOTHING;
  }

  /**
   * The event with which a leader of this epoch wrote the record; 0 when it is not told. Followers
   * have their copies from there, several batches in one append.
   */
  ledBy(partition: string, record: { offset: number; leaderEpoch: number }): number {
    const { offset, leaderEpoch } = record;
    const leader = this.leaders.get(partition)?.get(leaderEpoch);
    const log = leader === undefined ? undefined : this.logs.get(partition)?.get(leader);
    const isIt = (one: LogBatch) => one.leaderEpoch === leaderEpoch;
    return log?.historyOf(offset).find(isIt)?.bornEvent ?? 0;
  }

  private logOf(partition: string, node: string): ReplicaLog {
    let ofPartition = this.logs.get(partition);
    if (ofPartition === undefined) {
      ofPartition = new Map();
      this.logs.set(partition, ofPartition);
    }
    let log = ofPartition.get(node);
    if (log === undefined) {
      log = new ReplicaLog();
      ofPartition.set(node, log);
    }
    return log;
  }

  follow(event: TraceEvent): void {
    const { fields } = event;
    const log = this.logOf(String(fields[0]), this.store.nodeName(event.node));
    const second = Number(fields[1]);
    const third = Number(fields[2]);
    switch (event.kind) {
      case 'log.appended':
        log.appended(event.event, {
          baseOffset: second,
          endOffset: third,
          epoch: Number(fields[3]),
        });
        if (fields[4] === 'leader') this.noteLeader(event);
        return;
      case 'log.truncated':
        log.cut(event.event, second, String(fields[3]));
        return;
      case 'log.recovered':
        if (third < log.endOffset) log.cut(event.event, third, 'not on disk after the start');
        else if (third > log.endOffset) log.restored(event.event, third);
        log.started(second, event.event);
        return;
      case 'replica.deleted':
        log.cut(event.event, 0, String(fields[2]));
        return;
      default:
        log.started(second, event.event);
    }
  }

  private noteLeader({ fields, node }: TraceEvent): void {
    const partition = String(fields[0]);
    let ofPartition = this.leaders.get(partition);
    if (ofPartition === undefined) {
      ofPartition = new Map();
      this.leaders.set(partition, ofPartition);
    }
    const epoch = Number(fields[3]);
    if (!ofPartition.has(epoch)) ofPartition.set(epoch, this.store.nodeName(node));
  }
}

const NOTHING = new ReplicaLog();
