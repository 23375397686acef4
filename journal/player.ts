/**
 * Plays a journal back: the same code of a node, stepped through what was written down, with a host
 * that answers as the world did. Every call of the node is held against the journal, and the first
 * that differs ends it.
 */
import {
  type Clock,
  type Codecs,
  type ConnectionId,
  type Crypto,
  DiskError,
  type DiskErrorCode,
  type Host,
  type Node,
  type NodeInput,
} from '../kafka/host.ts';
import { fromBase64 } from './base64.ts';
import { type AnswerKind, type Answers, type Call, callingHost } from './calls.ts';
import type { Answer, CallLine, InputLine, JournalHeader, Plain, StepLine } from './format.ts';
import { InvalidJournal } from './parse.ts';

/** The node did something else than it did then. */
export class JournalDifference extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'JournalDifference';
  }
}

export interface PlayerParts {
  readonly codecs: Codecs;
  readonly crypto: Crypto;
  readonly create: (host: Host, config: Record<string, string>) => Node;
  /** Told of what the node tells. */
  readonly told?: (atMs: number, fields: readonly Plain[]) => void;
}

export class JournalPlayer {
  /** Steps so far. */
  steps = 0;
  /** The journal says that the node broke, and so it did. */
  isOver = false;
  private readonly header: JournalHeader;
  private readonly parts: PlayerParts;
  private readonly host: Host;
  private node: Node | null = null;
  private at: StepLine['at'] = [0, 0];
  private calls: readonly CallLine[] = [];
  private place = 0;

  constructor(header: JournalHeader, parts: PlayerParts) {
    this.header = header;
    this.parts = parts;
    const clock: Clock = { monotonicMs: () => this.at[0], wallMs: () => this.at[1] };
    const call: Call = (name, given, kind) => this.called(name, given, kind);
    const { codecs, crypto } = parts;
    this.host = callingHost(call, { clock, codecs, crypto });
  }

  /** @throws JournalDifference @throws InvalidJournal */
  step(line: StepLine): void {
    if (this.isOver) throw new InvalidJournal('a step of a node that had broken');
    this.steps += 1;
    this.at = line.at;
    this.calls = line.calls;
    this.place = 0;
    const broke = this.run(inputOf(line.input));
    if (broke !== (line.broke ?? null)) {
      const then = line.broke === undefined ? 'did not break' : `broke: ${line.broke}`;
      throw this.difference(
        `it ${broke === null ? 'did not break' : `broke: ${broke}`}`,
        `it ${then}`,
      );
    }
    this.isOver = broke !== null;
    const left = line.calls[this.place];
    if (left !== undefined) throw this.difference('it did nothing more', `it ${callWords(left)}`);
    if (!this.isOver) this.checkWake(line.wakeAtMs);
  }

  /** @returns what it said when it broke; else null. */
  private run(input: NodeInput): string | null {
    try {
      this.node ??= this.parts.create(this.host, { ...this.header.config });
      this.node.step(input);
      return null;
    } catch (error) {
      if (error instanceof JournalDifference || error instanceof InvalidJournal) throw error;
      return error instanceof Error ? error.message : String(error);
    }
  }

  private checkWake(then: number | null): void {
    const wakeAtMs = this.node?.wakeAtMs ?? Number.POSITIVE_INFINITY;
    const now = Number.isFinite(wakeAtMs) ? wakeAtMs : null;
    if (now === then) return;
    throw this.difference(`it wants to be woken at ${now}`, `it wanted that at ${then}`);
  }

  private called<K extends AnswerKind>(name: string, given: readonly Plain[], kind: K): Answers[K] {
    const now: CallLine = [name, given, null];
    const then = this.calls[this.place];
    if (then === undefined) throw this.difference(`it ${callWords(now)}`, 'it did nothing more');
    if (then[0] !== name || !isSame(then[1], given)) {
      throw this.difference(`it ${callWords(now)}`, `it ${callWords(then)}`);
    }
    this.place += 1;
    if (name === 'emit') this.parts.told?.(this.at[0], given);
    return answered(name, then[2], kind);
  }

  private difference(now: string, then: string): JournalDifference {
    const call = this.calls.length === 0 ? '' : `, call ${this.place + 1} of ${this.calls.length}`;
    return new JournalDifference(`step ${this.steps}${call}: now ${now}; then ${then}`);
  }
}

/** `send(3, 120, 77)` */
function callWords([name, given]: CallLine): string {
  return `called ${name}(${given.map((one) => JSON.stringify(one)).join(', ')})`;
}

function isSame(one: readonly Plain[], other: readonly Plain[]): boolean {
  return one.length === other.length && one.every((value, i) => value === other[i]);
}

function answered<K extends AnswerKind>(name: string, answer: Answer, kind: K): Answers[K] {
  if (typeof answer === 'object' && answer !== null && 'error' in answer) {
    throw new DiskError(answer.error as DiskErrorCode, answer.path);
  }
  const value = plainAnswer(answer, kind);
  if (value === null) {
    throw new InvalidJournal(`${name} cannot have been answered with ${JSON.stringify(answer)}`);
  }
  return value as Answers[K];
}

/** null: it is not of that kind. */
function plainAnswer(answer: Answer, kind: AnswerKind): Answers[AnswerKind] | null {
  switch (kind) {
    case 'nothing':
      return answer === null ? undefined : null;
    case 'number':
      return typeof answer === 'number' ? answer : null;
    case 'yes':
      return typeof answer === 'boolean' ? answer : null;
    case 'names':
      return Array.isArray(answer) ? [...(answer as readonly string[])] : null;
    default:
      return typeof answer === 'string' ? fromBase64(answer) : null;
  }
}

function inputOf(line: InputLine): NodeInput {
  if (line.kind !== 'received') return line;
  const bytes = fromBase64(line.bytes);
  if (bytes === null) throw new InvalidJournal('input: its bytes are not in base64');
  return { kind: 'received', connection: line.connection as ConnectionId, bytes };
}
