/**
 * What all anomalies ask of a history, computed once: who wrote a value, what an ok poll returned,
 * whose writes must have happened, the version order, and the words for an operation.
 */
import { NO_MARK, type OperationHistory } from '../recorded/operation-history.ts';
import { VersionOrder } from './version-order.ts';

const NOBODY = -1;

/** Consumers that may be given records of open and aborted transactions. */
export const READ_UNCOMMITTED = 'isolation.level=read_uncommitted';

export class HistoryView {
  readonly history: OperationHistory;
  /** By value: 1 when an ok operation polled it. */
  readonly seen: Uint8Array;
  /** By value: the operation that sent it, or -1. */
  private readonly writers: Int32Array;
  readonly order: VersionOrder;
  /** Some poll was ok, whatever it returned. */
  readonly wasPolled: boolean;
  private readers: Int32Array | null = null;
  private lists: Int32Array[] | null = null;

  constructor(history: OperationHistory) {
    this.history = history;
    this.seen = new Uint8Array(history.values.length);
    let wasPolled = false;
    this.writers = new Int32Array(history.values.length).fill(NOBODY);
    for (let operation = 0; operation < history.count; operation++) {
      const { sends, reads } = history;
      const sendsEnd = history.endOfSends(operation);
      for (let row = history.firstSend.at(operation); row < sendsEnd; row++) {
        this.writers[sends.value.at(row)] = operation;
      }
      if (!history.isOk(operation)) continue;
      const kind = history.kindOf(operation);
      if (kind === 'poll' || kind === 'txn') wasPolled = true;
      const readsEnd = history.endOfReads(operation);
      for (let row = history.firstRead.at(operation); row < readsEnd; row++) {
        this.seen[reads.value.at(row)] = 1;
      }
    }
    this.wasPolled = wasPolled;
    this.order = new VersionOrder(history, (operation) => this.mustHaveCommitted(operation));
  }

  /** The operation that sent a value; -1 when this history has none. */
  writerOf(value: number): number {
    return this.writers[value] as number;
  }

  /** True of an ok operation, and of an unknown one when an ok poll returned one of its sends. */
  mustHaveCommitted(operation: number): boolean {
    const { history } = this;
    const ending = history.endingOf(operation);
    if (ending !== 'info') return ending === 'ok';
    const end = history.endOfSends(operation);
    for (let row = history.firstSend.at(operation); row < end; row++) {
      if (this.seen[history.sends.value.at(row)] === 1) return true;
    }
    return false;
  }

  indexOfRead(row: number): number {
    const { key, value, offset } = this.history.reads;
    return this.order.indexOf(key.at(row), value.at(row), offset.at(row));
  }

  /** Of several copies the first counts: what was appended again stands there, too. */
  indexOfSend(row: number): number {
    return this.order.indexOfValue[this.history.sends.value.at(row)] as number;
  }

  /** The first ok operation, or else the first of all, that was given the value at that offset. */
  readerOf(value: number, offset: number): number {
    const { history } = this;
    this.readers ??= firstReaders(history);
    const reader = this.readers[value] as number;
    const isThere = (operation: number): boolean => {
      const end = history.endOfReads(operation);
      for (let row = history.firstRead.at(operation); row < end; row++) {
        const isIt = history.reads.value.at(row) === value;
        if (isIt && history.reads.offset.at(row) === offset) return true;
      }
      return false;
    };
    if (reader < 0 || isThere(reader)) return reader;
    for (let other = 0; other < history.count; other++) if (isThere(other)) return other;
    return NOBODY;
  }

  /** `OperationHistory.byProcess`, sorted once. */
  get byProcess(): readonly Int32Array[] {
    this.lists ??= this.history.byProcess();
    return this.lists;
  }

  /** The operations of a process by its clients, in their order: a crash ends one. */
  byClient(operations: Int32Array): readonly Int32Array[] {
    const clients: Int32Array[] = [];
    let from = 0;
    operations.forEach((operation, place) => {
      if (this.history.kindOf(operation) !== 'crash') return;
      clients.push(operations.subarray(from, place));
      from = place + 1;
    });
    return [...clients, operations.subarray(from)];
  }

  /** `line 17`: where the operation ended, or began when it never ended. */
  place(operation: number): string {
    const { history } = this;
    const completed = history.completedMark.at(operation);
    const mark = completed === NO_MARK ? history.invokedMark.at(operation) : completed;
    return `${history.marks} ${mark}`;
  }

  processName(operation: number): string {
    return this.history.processes[this.history.process.at(operation)] as string;
  }

  keyName(key: number): string {
    return this.history.keys[key] as string;
  }

  /** `"a", "b" and 3 more`: what stands between two places of a log. */
  valuesBetween(key: number, from: number, to: number): string {
    const values = this.order.keys[key]?.values ?? new Int32Array();
    const between = values.subarray(from + 1, to);
    const shown = [...between.subarray(0, SHOWN)].map((value) => this.history.valueText(value));
    const more = between.length - shown.length;
    return more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
  }
}

const SHOWN = 5;

/** By value: the first ok operation that polled it, else the first of all, else -1. */
function firstReaders(history: OperationHistory): Int32Array {
  const readers = new Int32Array(history.values.length).fill(NOBODY);
  for (let operation = history.count - 1; operation >= 0; operation--) {
    const end = history.endOfReads(operation);
    for (let row = history.firstRead.at(operation); row < end; row++) {
      const value = history.reads.value.at(row);
      const known = readers[value] as number;
      if (known === NOBODY || history.isOk(operation) || !history.isOk(known)) {
        readers[value] = operation;
      }
    }
  }
  return readers;
}
