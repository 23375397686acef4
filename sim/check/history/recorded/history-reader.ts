/**
 * Reads the lines of a history file into an `OperationHistory`: joins the line in which an
 * operation was begun with the one in which it ended, and refuses what cannot be judged. One line
 * at a time, so that a file of any size needs no more room than what it says.
 */
import { parseJsonText } from '../../../scenario/json-text.ts';
import { formatPath, type Problem, problem } from '../../../scenario/problems.ts';
import { Column } from '../column.ts';
import type { HeaderLine, MicroOperation, OperationLine, TimeUnit } from './format.ts';
import { isIndefinite } from './indefinite.ts';
import { headerProblem, isHeader, operationProblem } from './line-problem.ts';
import {
  type Ending,
  type Moment,
  OperationHistory,
  UNKNOWN_OFFSET,
  type Value,
} from './operation-history.ts';

/** A line that is no part of a history. */
export class HistoryMistake extends Error {
  /** From 1 on. */
  readonly line: number;
  /** From 1 on; null when the complaint is about the line's meaning. */
  readonly column: number | null;
  readonly problem: Problem;
  constructor(line: number, wrong: Problem, column: number | null = null) {
    super(`line ${line}: ${wrong.path === '' ? '' : `${wrong.path}: `}${wrong.message}`);
    this.name = 'HistoryMistake';
    this.line = line;
    this.column = column;
    this.problem = wrong;
  }
}

/**
 * A key that stands twice is taken for its last value by `JSON.parse`. Each key has a colon of its
 * own: where there are no more colons than keys, no key was repeated.
 */
function mayRepeatKey(text: string, value: unknown): boolean {
  let colons = 0;
  for (let at = text.indexOf(':'); at >= 0; at = text.indexOf(':', at + 1)) colons += 1;
  return colons > keysIn(value);
}

function keysIn(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = Array.isArray(value) ? value : Object.values(value);
  let keys = Array.isArray(value) ? 0 : inner.length;
  for (const one of inner) {
    if (typeof one === 'object') keys += keysIn(one);
  }
  return keys;
}

/** An operation that was begun and has not ended. */
interface Open {
  readonly line: OperationLine;
  readonly begun: Moment;
}

const MS_PER: Readonly<Record<TimeUnit, number>> = { s: 1_000, ms: 1, us: 1e-3, ns: 1e-6 };

export class HistoryReader {
  private readonly history = new OperationHistory('line');
  private readonly open = new Map<string, Map<string, Open>>();
  /** By value: the line that sent it. */
  private readonly sentIn = new Column(1024, Int32Array);
  private number = 0;
  private begun = false;
  private unitMs = MS_PER.ms;
  private lastTime = 0;

  /**
   * The next line of the file, without its end. Blank lines mean nothing.
   * @param isCut the file ends within this line, as far as one can see.
   * @throws HistoryMistake
   */
  read(text: string, isCut = false): void {
    this.number += 1;
    const source = this.number === 1 && text.startsWith('\uFEFF') ? text.slice(1) : text;
    if (/^\s*$/.test(source)) return;
    const line = this.parse(source, isCut);
    const isFirst = !this.begun;
    this.begun = true;
    if (isHeader(line)) this.header(line as HeaderLine, isFirst);
    else this.operation(line);
  }

  /** What was never answered is of unknown end. */
  end(): OperationHistory {
    const never = [...this.open.values()].flatMap((byId) => [...byId.values()]);
    never.sort((a, b) => a.begun.mark - b.begun.mark);
    for (const one of never) this.ended(one.line, one, null, 'info');
    return this.history;
  }

  private parse(text: string, isCut: boolean): unknown {
    try {
      const value: unknown = JSON.parse(text);
      if (!mayRepeatKey(text, value)) return value;
    } catch (error) {
      // A range error: it is nested too deeply to go through.
      if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    }
    const read = parseJsonText(text);
    if (read.ok) return read.value;
    const message = isCut
      ? `the file ends within this line (${read.message})`
      : `not JSON: ${read.message}`;
    throw new HistoryMistake(this.number, problem([], undefined, message), read.column);
  }

  private header(line: HeaderLine, isFirst: boolean): void {
    const wrong = headerProblem(line);
    if (wrong !== null) throw new HistoryMistake(this.number, wrong);
    if (!isFirst) this.refuse(['history'], line.history, 'the header must be the first line');
    this.unitMs = MS_PER[line.timeUnit ?? 'ms'];
    this.history.readUncommitted = line.isolationLevel === 'read_uncommitted';
  }

  private operation(json: unknown): void {
    const wrong = operationProblem(json);
    if (wrong !== null) throw new HistoryMistake(this.number, wrong);
    const line = json as OperationLine;
    if (line.time < this.lastTime) {
      const message = `lines must stand in the order of time: the one before is of ${this.lastTime}`;
      this.refuse(['time'], line.time, message);
    }
    this.lastTime = line.time;
    const process = String(line.process);
    let byId = this.open.get(process);
    if (byId === undefined) {
      byId = new Map();
      this.open.set(process, byId);
    }
    if (line.f === 'crash') this.crash(line, byId);
    else if (line.type === 'invoke') this.begin(line, byId);
    else this.complete(line, byId, line.type);
  }

  private get now(): Moment {
    return { mark: this.number, timeMs: this.lastTime * this.unitMs };
  }

  private begin(line: OperationLine, byId: Map<string, Open>): void {
    const id = idOf(line);
    const other = id === '' ? byId.values().next().value : (byId.get(id) ?? byId.get(''));
    if (other !== undefined) {
      const message =
        `its operation of line ${other.begun.mark} has not ended; a process that does ` +
        'several things at a time gives each an id of its own';
      this.refuse(id === '' ? ['process'] : ['id'], id === '' ? line.process : line.id, message);
    }
    this.polledTooSoon(line);
    byId.set(id, { line, begun: this.now });
  }

  private complete(line: OperationLine, byId: Map<string, Open>, ending: Ending): void {
    const id = idOf(line);
    const open = byId.get(id) ?? null;
    byId.delete(id);
    if (open === null && id === '' && byId.size > 0) {
      this.refuse(['id'], undefined, 'missing: its process has operations under way that have one');
    }
    if (open !== null && open.line.f !== line.f) {
      const message = `it was begun in line ${open.begun.mark} as a ${open.line.f}`;
      this.refuse(['f'], line.f, message);
    }
    if (open !== null) this.compareSends(open, line);
    this.ended(line, open, this.now, ending);
  }

  /** The client dies and with it everything that it had under way. */
  private crash(line: OperationLine, byId: Map<string, Open>): void {
    if (line.type === 'fail') return;
    for (const one of byId.values()) this.ended(one.line, one, null, 'info');
    byId.clear();
    const at = this.now;
    this.history.add({
      process: String(line.process),
      kind: 'crash',
      ending: 'info',
      invoked: at,
      completed: at,
    });
  }

  private ended(
    line: OperationLine,
    open: Open | null,
    completed: Moment | null,
    told: Ending,
  ): void {
    const { history } = this;
    const error = line.error;
    const isSoftened = told === 'fail' && error !== undefined && isIndefinite(error);
    const operation = history.add({
      process: String(line.process),
      kind: line.f,
      ending: isSoftened ? 'info' : told,
      invoked: open?.begun ?? null,
      completed,
      error,
    });
    if (isSoftened) history.softened.add(operation);
    if (open === null && idOf(line) !== '') history.besideOthers.add(operation);
    if (line.seekToBeginning === true || open?.line.seekToBeginning === true) {
      history.seeks.add(operation);
    }
    if (line.rebalanced !== undefined) {
      const keys = line.rebalanced.map((key) => history.keyId(String(key)));
      history.rebalanced.set(operation, new Set(keys));
    }
    const value = line.value ?? open?.line.value ?? [];
    if (line.f === 'assign' || line.f === 'subscribe') {
      history.asked.set(operation, value.map(String));
      return;
    }
    this.addRecords(value as MicroOperation[]);
  }

  private addRecords(micros: readonly MicroOperation[]): void {
    const { history } = this;
    for (let i = 0; i < micros.length; i++) {
      const micro = micros[i] as MicroOperation;
      if (micro[0] === 'send') {
        const key = history.keyId(String(micro[1]));
        const [offset, value] = placeOf(micro[2]);
        const id = history.valueId(key, value);
        this.sentOnce(id, i, value);
        history.addSend(key, id, offset ?? UNKNOWN_OFFSET);
        continue;
      }
      const byKey = micro[1] ?? {};
      for (const name of Object.keys(byKey)) {
        const key = history.keyId(name);
        for (const [offset, value] of byKey[name] as [number | null, Value][]) {
          history.addRead(key, history.valueId(key, value), offset ?? UNKNOWN_OFFSET);
        }
      }
    }
  }

  private sentOnce(id: number, at: number, value: Value): void {
    const { sentIn, history } = this;
    if (sentIn.length <= id) sentIn.extend(0, history.values.length - sentIn.length);
    const before = sentIn.at(id);
    if (before > 0) {
      const message = `sent before, in line ${before}; values of a key must be unique`;
      this.refuse(['value', at], value, message);
    }
    sentIn.values[id] = this.number;
  }

  private polledTooSoon(line: OperationLine): void {
    if (line.f !== 'poll' && line.f !== 'txn') return;
    const at = (line.value ?? []).findIndex((one) => (one as MicroOperation).length === 2);
    if (at >= 0) this.refuse(['value', at], line.value?.[at], 'nothing is polled when it is begun');
  }

  /** What is answered must be what was asked. */
  private compareSends(open: Open, line: OperationLine): void {
    const { f, value } = line;
    if ((f !== 'send' && f !== 'txn') || !value || !open.line.value) return;
    const asked = sendsOf(open.line.value);
    const answered = sendsOf(value);
    for (let i = 0; i < Math.max(asked.length, answered.length); i++) {
      if (asked[i] !== undefined && isSame(asked[i] as Send, answered[i])) continue;
      const at = answered[i] === undefined ? [] : [value.indexOf(answered[i] as never)];
      const message = `not what was sent according to line ${open.begun.mark}`;
      this.refuse(['value', ...at], answered[i] ?? value, message);
    }
  }

  private refuse(path: readonly PropertyKey[], value: unknown, message: string): never {
    throw new HistoryMistake(this.number, { path: formatPath(path), value, message });
  }
}

type Send = Extract<MicroOperation, readonly ['send', ...unknown[]]>;

function sendsOf(value: NonNullable<OperationLine['value']>): Send[] {
  return (value as MicroOperation[]).filter((one) => one[0] === 'send') as Send[];
}

function isSame(asked: Send, answered: Send | undefined): boolean {
  if (answered === undefined || String(asked[1]) !== String(answered[1])) return false;
  return placeOf(asked[2])[1] === placeOf(answered[2])[1];
}

function placeOf(sent: Send[2]): [number | null, Value] {
  return Array.isArray(sent) ? sent : [null, sent as Value];
}

function idOf(line: OperationLine): string {
  return line.id === undefined ? '' : String(line.id);
}
