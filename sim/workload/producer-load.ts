/**
 * One producing application: sends records at a pace, answered or not, or keeps a number of sends
 * outstanding: whenever answers have come it sends as many again, in one step. Every value names
 * itself (`p1-17`). What it asked and heard is in `history`.
 */

import { encodeText } from '../../kafka/base/text.ts';
import type { CommandResult, ProducerRecord } from '../../kafka/client/commands.ts';
import type { RandomStream } from '../../kafka/host.ts';
import { Outcome, type SendHistory } from '../check/history/history.ts';
import type { RunWorld } from '../run-world.ts';
import type { ProducerEntry } from '../scenario/schema.ts';
import { RecordValues } from './record-value.ts';

/** A closed loop pauses this long after a send that failed, so that it cannot spin. */
const PAUSE_AFTER_FAILURE_US = 1_000;
const NO_HEADERS: ProducerRecord['headers'] = [];

/** A record whose place is taken by a later one when nobody can need it any more. */
type Slot = { -readonly [K in keyof ProducerRecord]: ProducerRecord[K] };

export class ProducerLoad {
  readonly history: SendHistory;
  /** Sends of the client's present life that are not answered yet. */
  outstanding = 0;
  private readonly world: RunWorld;
  private readonly entry: ProducerEntry;
  private readonly partitions: number;
  private readonly values: RecordValues;
  /**
   * The records of a closed loop by row modulo `inFlight`. A client keeps only the last sends (the
   * batches have copies), and no row `inFlight` places later is sent before those are answered.
   */
  private readonly slots: Slot[] = [];
  private readonly startUs: number;
  private stopUs: number;
  private readonly random: RandomStream;
  private readonly intervalUs: number;
  private readonly jitterUs: number;
  /** Places of the pace that have passed, sent or not. */
  private ticks = 0;
  private readonly tick = (): void => this.onTick();
  /** A `refill` is due at this moment, once all answers of it have been heard. */
  private isRefilling = false;
  private readonly refill = (): void => {
    this.isRefilling = false;
    this.fill();
  };

  constructor(
    world: RunWorld,
    parts: {
      entry: ProducerEntry;
      partitions: number;
      history: SendHistory;
      originUs: number;
      runForMs: number;
    },
  ) {
    const { entry } = parts;
    this.world = world;
    this.entry = entry;
    this.partitions = parts.partitions;
    this.values = new RecordValues(entry.producer, entry.valueBytes);
    this.history = parts.history;
    this.startUs = parts.originUs + entry.startAt * 1_000;
    this.stopUs = parts.originUs + (entry.stopAt ?? parts.runForMs) * 1_000;
    this.random = world.random(`workload/${entry.producer}`);
    this.intervalUs = Math.max(1, Math.round(1_000_000 / (entry.recordsPerSecond ?? 1_000_000)));
    this.jitterUs = this.intervalUs >> 3;
    this.restartWithItsClient();
  }

  start(): void {
    if (this.entry.inFlight === undefined) this.scheduleTick();
    else this.world.schedule(this.startUs, '', () => this.fill());
  }

  endAt(timeUs: number): void {
    this.stopUs = Math.min(this.stopUs, timeUs);
  }

  /** No further sends. */
  stop(): void {
    this.stopUs = -1;
  }

  private get finished(): boolean {
    const { count } = this.entry;
    if (count !== undefined && this.history.count >= count) return true;
    return this.world.nowUs >= this.stopUs;
  }

  private scheduleTick(): void {
    const jitterUs = this.jitterUs === 0 ? 0 : this.random.int(0, this.jitterUs);
    const atUs = this.startUs + this.ticks * this.intervalUs + jitterUs;
    this.ticks += 1;
    this.world.schedule(Math.max(atUs, this.world.nowUs), '', this.tick);
  }

  private onTick(): void {
    if (this.finished) return;
    if (this.isRunning()) this.send(1);
    this.scheduleTick();
  }

  private fill(): void {
    if (this.finished || !this.isRunning()) return;
    const { inFlight = 0, count = Number.POSITIVE_INFINITY } = this.entry;
    const wanted = Math.min(inFlight - this.outstanding, count - this.history.count);
    if (wanted > 0) this.send(wanted);
  }

  private isRunning(): boolean {
    const { state } = this.world.node(this.entry.producer);
    return state === 'running' || state === 'paused';
  }

  private send(count: number): void {
    const { world, history } = this;
    const row = history.invoked(world.events + 1, world.nowUs, count);
    this.outstanding += count;
    const records: ProducerRecord[] = [];
    for (let i = 0; i < count; i++) records.push(this.record(row + i));
    const command = { kind: 'send', records } as const;
    world.command(this.entry.producer, command, (result, event, first, answers) =>
      this.answered(row + first, answers, result, event),
    );
  }

  private record(row: number): ProducerRecord {
    const { inFlight } = this.entry;
    if (inFlight === undefined) return this.freshRecord(row);
    const slot = this.slots[row % inFlight];
    if (slot === undefined) {
      const fresh = this.freshRecord(row);
      this.slots.push(fresh);
      return fresh;
    }
    if (this.entry.partition === 'round-robin') slot.partition = row % this.partitions;
    if (slot.key !== null) slot.key = this.key(row);
    this.values.renumber(slot.value as Uint8Array, row);
    return slot;
  }

  private freshRecord(row: number): ProducerRecord {
    const { entry } = this;
    return {
      topic: entry.topic,
      partition:
        entry.partition === 'round-robin' ? row % this.partitions : (entry.partition ?? null),
      key: this.key(row),
      value: this.values.value(row),
      headers: NO_HEADERS,
      timestampMs: null,
    };
  }

  private key(row: number): Uint8Array | null {
    const { keys } = this.entry;
    if (keys === 'none') return null;
    return encodeText(`key-${keys === 'unique' ? row : row % keys.distinct}`);
  }

  private answered(row: number, count: number, result: CommandResult, event: number): void {
    const { world, history } = this;
    const at = { event, timeUs: world.nowUs };
    this.outstanding -= count;
    if (result.kind === 'sent') {
      history.answered(row, at, Outcome.ok, count);
      history.landed(row, result.partition, result.offset, count);
      if (this.entry.inFlight === undefined || this.isRefilling) return;
      this.isRefilling = true;
      world.schedule(world.nowUs, '', this.refill);
      return;
    }
    const failed = result.kind === 'failed' && result.outcome === 'failed';
    history.answered(row, at, failed ? Outcome.failed : Outcome.unknown, count);
    const error = result.kind === 'failed' ? result.error : result.kind;
    for (let i = 0; i < count; i++) history.errors.set(row + i, error);
    if (this.entry.inFlight !== undefined) {
      world.schedule(world.nowUs + PAUSE_AFTER_FAILURE_US, '', () => this.fill());
    }
  }

  /** The application dies with its client; what it waited for is never answered. */
  private restartWithItsClient(): void {
    const { world, entry } = this;
    world.trace.subscribe('input.started', (event, timeUs, node) => {
      if (world.nodes[node - 1]?.name !== entry.producer || this.history.count === 0) return;
      this.outstanding = 0;
      this.history.restarts.push({ event, timeUs });
      if (entry.inFlight !== undefined) world.schedule(timeUs, '', () => this.fill());
    });
  }
}
