/**
 * What clients of a Kafka-like system asked and were told, in columns: the operations of Jepsen's
 * Kafka workload (sends, polls, transactions of both, assign, subscribe, crash). It is filled from
 * a file that anybody's harness wrote (`read-history.ts`) or from a simulated run (`of-run.ts`);
 * the anomalies in `../anomalies/` are judged from it alone.
 */
import { Column } from '../column.ts';

export const kinds = ['send', 'poll', 'txn', 'assign', 'subscribe', 'crash'] as const;
export type OperationKind = (typeof kinds)[number];

/** `info`: nobody knows whether it happened; also what was never answered. */
export const endings = ['ok', 'fail', 'info'] as const;
export type Ending = (typeof endings)[number];

/** A moment of the history: its position (line or event number) and its time. */
export interface Moment {
  readonly mark: number;
  /** Milliseconds. */
  readonly timeMs: number;
}

/** A record's value; unique among those of its key. */
export type Value = string | number;

export const UNKNOWN_OFFSET = -1;
/** The mark of a moment that was not recorded. */
export const NO_MARK = -1;

export interface NewOperation {
  readonly process: string;
  readonly kind: OperationKind;
  readonly ending: Ending;
  /** null: the history does not tell. */
  readonly invoked: Moment | null;
  readonly completed: Moment | null;
  /** What was said of an operation that was not ok. */
  readonly error?: string | undefined;
}

/** Sends or reads, one row each; those of an operation stand together. */
export interface RecordColumns {
  readonly key: Column<Int32Array>;
  /** Number of the value, see `OperationHistory.valueId`. */
  readonly value: Column<Int32Array>;
  readonly offset: Column;
}

function recordColumns(): RecordColumns {
  return {
    key: new Column(1024, Int32Array),
    value: new Column(1024, Int32Array),
    offset: new Column(),
  };
}

export class OperationHistory {
  /** What a mark is the number of. */
  readonly marks: 'line' | 'event';
  /** Set when consumers may be given records of open and aborted transactions. */
  readUncommitted = false;
  readonly processes: string[] = [];
  readonly keys: string[] = [];
  /** By value number. */
  readonly values: Value[] = [];
  readonly keyOfValue = new Column(1024, Int32Array);

  /** In any order, if only what a process began at one mark stands in the order begun. */
  readonly process = new Column(1024, Int32Array);
  readonly kind = new Column(1024, Int8Array);
  readonly ending = new Column(1024, Int8Array);
  readonly invokedMark = new Column(1024, Int32Array);
  readonly completedMark = new Column(1024, Int32Array);
  readonly invokedMs = new Column();
  readonly completedMs = new Column();
  /** The first row of its sends and of its reads; they end where the next operation's begin. */
  readonly firstSend = new Column(1024, Int32Array);
  readonly firstRead = new Column(1024, Int32Array);
  readonly sends = recordColumns();
  readonly reads = recordColumns();
  /** By operation: the keys that assign and subscribe ask for, those rebalanced, what was said. */
  readonly asked = new Map<number, readonly string[]>();
  readonly rebalanced = new Map<number, ReadonlySet<number>>();
  readonly errors = new Map<number, string>();
  /** Operations that forget where the consumer stood. */
  readonly seeks = new Set<number>();
  /** Operations whose beginning is not known, and others of their process may surround their end. */
  readonly besideOthers = new Set<number>();
  /** Operations that called an end without outcome a failure, see `indefinite.ts`. */
  readonly softened = new Set<number>();

  private readonly processIds = new Map<string, number>();
  private readonly keyIds = new Map<string, number>();
  private readonly valueIds: Map<Value, number>[] = [];

  constructor(marks: 'line' | 'event') {
    this.marks = marks;
  }

  get count(): number {
    return this.process.length;
  }

  processId(name: string): number {
    return numbered(this.processIds, this.processes, name);
  }

  keyId(name: string): number {
    const id = numbered(this.keyIds, this.keys, name);
    if (id === this.valueIds.length) this.valueIds.push(new Map());
    return id;
  }

  /** -1 for a key that no record has. */
  knownKey(name: string): number {
    return this.keyIds.get(name) ?? -1;
  }

  valueId(key: number, value: Value): number {
    const ids = this.valueIds[key] as Map<Value, number>;
    let id = ids.get(value);
    if (id === undefined) {
      id = this.values.length;
      ids.set(value, id);
      this.values.push(value);
      this.keyOfValue.push(key);
    }
    return id;
  }

  /** Begins a row; what it sent and read is added next. */
  add(operation: NewOperation): number {
    const { invoked, completed } = operation;
    const index = this.count;
    this.process.push(this.processId(operation.process));
    this.kind.push(kinds.indexOf(operation.kind));
    this.ending.push(endings.indexOf(operation.ending));
    this.invokedMark.push(invoked === null ? NO_MARK : invoked.mark);
    this.completedMark.push(completed === null ? NO_MARK : completed.mark);
    this.invokedMs.push(invoked === null ? Number.NaN : invoked.timeMs);
    this.completedMs.push(completed === null ? Number.NaN : completed.timeMs);
    this.firstSend.push(this.sends.key.length);
    this.firstRead.push(this.reads.key.length);
    if (operation.error !== undefined) this.errors.set(index, operation.error);
    return index;
  }

  /** Of the newest operation. `offset` -1: not told. */
  addSend(key: number, value: number, offset: number): void {
    this.sends.key.push(key);
    this.sends.value.push(value);
    this.sends.offset.push(offset);
  }

  /** Of the newest operation, in the order in which the polls gave them. */
  addRead(key: number, value: number, offset: number): void {
    this.reads.key.push(key);
    this.reads.value.push(value);
    this.reads.offset.push(offset);
  }

  kindOf(operation: number): OperationKind {
    return kinds[this.kind.at(operation)] as OperationKind;
  }
  endingOf(operation: number): Ending {
    return endings[this.ending.at(operation)] as Ending;
  }
  isOk(operation: number): boolean {
    return this.ending.at(operation) === 0;
  }
  endOfSends(operation: number): number {
    return operation + 1 < this.count ? this.firstSend.at(operation + 1) : this.sends.key.length;
  }
  endOfReads(operation: number): number {
    return operation + 1 < this.count ? this.firstRead.at(operation + 1) : this.reads.key.length;
  }

  /** `"p1-17"`, as JSON writes it. */
  valueText(value: number): string {
    return JSON.stringify(this.values[value]);
  }

  /**
   * The operations of each process in the order in which they were begun (of one without a
   * beginning: ended). A process that does one thing at a time ends them in the same order.
   */
  byProcess(): Int32Array[] {
    const counts = new Int32Array(this.processes.length);
    for (let i = 0; i < this.count; i++) {
      const process = this.process.at(i);
      counts[process] = (counts[process] as number) + 1;
    }
    const lists = [...counts].map((length) => new Int32Array(length));
    counts.fill(0);
    for (let i = 0; i < this.count; i++) {
      const process = this.process.at(i);
      const list = lists[process] as Int32Array;
      list[counts[process] as number] = i;
      counts[process] = (counts[process] as number) + 1;
    }
    for (const list of lists) this.sortByBeginning(list);
    return lists;
  }

  private sortByBeginning(list: Int32Array): void {
    const begun = (operation: number): number => {
      const mark = this.invokedMark.at(operation);
      return mark === NO_MARK ? this.completedMark.at(operation) : mark;
    };
    let sorted = true;
    for (let i = 1; i < list.length && sorted; i++) {
      sorted = begun(list[i - 1] as number) <= begun(list[i] as number);
    }
    if (!sorted) list.sort((a, b) => begun(a) - begun(b) || a - b);
  }
}

function numbered(ids: Map<string, number>, names: string[], name: string): number {
  let id = ids.get(name);
  if (id === undefined) {
    id = names.length;
    ids.set(name, id);
    names.push(name);
  }
  return id;
}
