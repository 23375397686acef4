/**
 * A producer whose records somebody else thinks of: those listed in the scenario, and those that a
 * program adds while the run goes on (`library/`). What comes of an added one is as if it had been
 * listed. Values are the author's own, so each record is named in a header, as `p1-17`.
 */
import { encodeText } from '../../kafka/base/text.ts';
import type { CommandResult, ProducerRecord, RecordHeader } from '../../kafka/client/commands.ts';
import { Outcome, type SendHistory } from '../check/history/history.ts';
import { Rank } from '../engine/after-events.ts';
import type { RunWorld } from '../run-world.ts';
import type { ProducerEntry, ScenarioSend } from '../scenario/schema.ts';
import { bytesOf, NAME_HEADER } from './named-records.ts';

/** What became of a send; `outcome` is never pending. */
export interface SendAnswer {
  /** Its place among the sends of this application, those of the scenario first. */
  readonly index: number;
  readonly outcome: Outcome;
  /** -1 where nothing was told. */
  readonly partition: number;
  readonly offset: number;
  readonly timestampMs: number;
  /** Kafka's name of it; null after a success. */
  readonly error: string | null;
  readonly message: string;
}

const NOT_WRITTEN = { partition: -1, offset: -1, timestampMs: -1 } as const;

export class ApplicationLoad {
  readonly history: SendHistory;
  private readonly world: RunWorld;
  private readonly entry: ProducerEntry;
  private readonly originUs: number;
  private readonly rank: number;
  /** Of the client's present life: the index of a send by its row in the history. */
  private readonly waiting = new Map<number, number>();
  private count = 0;
  /** Sends whose moment has not come. */
  private readonly due = new Set<number>();
  /** Told of each answer. */
  onAnswer: ((answer: SendAnswer) => void) | null = null;
  private stopped = false;

  constructor(
    world: RunWorld,
    parts: { entry: ProducerEntry; history: SendHistory; originUs: number; place: number },
  ) {
    this.world = world;
    this.entry = parts.entry;
    this.history = parts.history;
    this.originUs = parts.originUs;
    this.rank = Rank.send + parts.place;
    world.trace.subscribe('input.started', (event, timeUs, node) => {
      if (world.nodes[node - 1]?.name !== this.entry.producer) return;
      if (this.history.count > 0) this.history.restarts.push({ event, timeUs });
      this.forget();
    });
  }

  /** Sends of the client's present life that are not answered yet. */
  get outstanding(): number {
    return this.waiting.size;
  }

  start(): void {
    for (const send of this.entry.sends ?? []) this.add(send);
  }

  /** Nothing is taken back that was asked for. */
  endAt(_timeUs: number): void {}

  /** Sends whose event did not come, by their place from 0. */
  neverSent(): number[] {
    return [...this.due];
  }

  /** No further sends. */
  stop(): void {
    this.stopped = true;
  }

  /** Its time is to come, or it follows the newest event or a later one. */
  add(send: ScenarioSend): void {
    const { world, originUs, rank } = this;
    const index = this.count++;
    this.due.add(index);
    const action = (): void => this.send(send, index);
    const { at, afterEvent } = send;
    if (at !== undefined) {
      world.scheduleFirst(originUs + at * 1_000, rank, { label: '', action });
    } else if (afterEvent !== undefined && afterEvent >= world.events) {
      world.afterEvent(afterEvent, `${this.entry.producer} sends`, action, rank);
    }
  }

  private send(send: ScenarioSend, index: number): void {
    const { world, history, entry } = this;
    if (this.stopped) return;
    this.due.delete(index);
    if (world.node(entry.producer).node === null) {
      const message = `${entry.producer} is not running`;
      this.tell({ index, outcome: Outcome.failed, ...NOT_WRITTEN, error: 'ClientDown', message });
      return;
    }
    const row = history.invoked(world.events + 1, world.nowUs);
    this.waiting.set(row, index);
    const command = { kind: 'send', records: [this.record(send, row)] } as const;
    world.command(entry.producer, command, (result, event) => this.answered(row, result, event));
  }

  private record(send: ScenarioSend, row: number): ProducerRecord {
    const { producer, topic } = this.entry;
    const name: RecordHeader = { key: NAME_HEADER, value: encodeText(`${producer}-${row}`) };
    const headers = send.headers.map(({ key, value }) => ({ key, value: bytesOf(value) }));
    return {
      topic,
      partition: send.partition ?? null,
      key: bytesOf(send.key),
      value: bytesOf(send.value),
      headers: [name, ...headers],
      timestampMs: null,
    };
  }

  private answered(row: number, result: CommandResult, event: number): void {
    const { world, history } = this;
    const index = this.waiting.get(row) as number;
    this.waiting.delete(row);
    const at = { event, timeUs: world.nowUs };
    if (result.kind === 'sent') {
      const { partition, offset, timestampMs } = result;
      history.answered(row, at, Outcome.ok);
      history.landed(row, partition, offset);
      const outcome = Outcome.ok;
      this.tell({ index, outcome, partition, offset, timestampMs, error: null, message: '' });
      return;
    }
    const { error, message } =
      result.kind === 'failed' ? result : { error: result.kind, message: '' };
    const failed = result.kind === 'failed' && result.outcome === 'failed';
    const outcome = failed ? Outcome.failed : Outcome.unknown;
    history.answered(row, at, outcome);
    history.errors.set(row, error);
    this.tell({ index, outcome, ...NOT_WRITTEN, error, message });
  }

  private tell(answer: SendAnswer): void {
    this.onAnswer?.(answer);
  }

  /** The application died with its client; what it waited for is never answered. */
  private forget(): void {
    const died = [...this.waiting.values()];
    this.waiting.clear();
    const message = `${this.entry.producer} died before the answer came`;
    for (const index of died) {
      this.tell({ index, outcome: Outcome.unknown, ...NOT_WRITTEN, error: 'ClientDied', message });
    }
  }
}
