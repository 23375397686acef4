/**
 * One producing application: sends records at a pace, answered or not, or keeps a number of sends
 * outstanding. Every value names itself (`p1-17`). What it asked and heard is in `history`.
 */

import { encodeText } from '../../kafka/base/text.ts';
import type { CommandResult, ProducerRecord } from '../../kafka/client/commands.ts';
import type { RandomStream } from '../../kafka/host.ts';
import { Outcome, type SendHistory } from '../check/history/history.ts';
import type { ProducerEntry } from '../scenario/schema.ts';
import type { World } from '../world.ts';
import { RecordValues } from './record-value.ts';

/** A closed loop pauses this long after a send that failed, so that it cannot spin. */
const PAUSE_AFTER_FAILURE_US = 1_000;

export class ProducerLoad {
  readonly history: SendHistory;
  /** Sends of the client's present life that are not answered yet. */
  outstanding = 0;
  private readonly world: World;
  private readonly entry: ProducerEntry;
  private readonly partitions: number;
  private readonly values: RecordValues;
  private readonly startUs: number;
  private stopUs: number;
  private readonly random: RandomStream;
  private readonly intervalUs: number;
  private readonly jitterUs: number;
  /** Places of the pace that have passed, sent or not. */
  private ticks = 0;
  private readonly tick = (): void => this.onTick();

  constructor(
    world: World,
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
    if (this.isRunning()) this.send();
    this.scheduleTick();
  }

  private fill(): void {
    const wanted = this.entry.inFlight as number;
    while (this.outstanding < wanted && !this.finished && this.isRunning()) this.send();
  }

  private isRunning(): boolean {
    const { state } = this.world.node(this.entry.producer);
    return state === 'running' || state === 'paused';
  }

  private send(): void {
    const { world, history } = this;
    const row = history.invoked(world.events + 1, world.nowUs);
    this.outstanding += 1;
    world.command(
      this.entry.producer,
      { kind: 'send', record: this.record(row) },
      (result, event) => this.answered(row, result, event),
    );
  }

  private record(row: number): ProducerRecord {
    const { entry } = this;
    return {
      topic: entry.topic,
      partition:
        entry.partition === 'round-robin' ? row % this.partitions : (entry.partition ?? null),
      key: this.key(row),
      value: this.values.value(row),
      headers: [],
      timestampMs: null,
    };
  }

  private key(row: number): Uint8Array | null {
    const { keys } = this.entry;
    if (keys === 'none') return null;
    return encodeText(`key-${keys === 'unique' ? row : row % keys.distinct}`);
  }

  private answered(row: number, result: CommandResult, event: number): void {
    const { world, history } = this;
    const at = { event, timeUs: world.nowUs };
    this.outstanding -= 1;
    if (result.kind === 'sent') {
      history.answered(row, at, Outcome.ok);
      history.landed(row, result.partition, result.offset);
      if (this.entry.inFlight !== undefined) this.fill();
      return;
    }
    const failed = result.kind === 'failed' && result.outcome === 'failed';
    history.answered(row, at, failed ? Outcome.failed : Outcome.unknown);
    history.errors.set(row, result.kind === 'failed' ? result.error : result.kind);
    if (this.entry.inFlight !== undefined) {
      world.schedule(world.nowUs + PAUSE_AFTER_FAILURE_US, '', () => this.fill());
    }
  }

  /** The application dies with its client; what it waited for is never answered. */
  private restartWithItsClient(): void {
    const { world, entry } = this;
    world.trace.subscribe('input.started', (_event, timeUs, node) => {
      if (world.nodes[node - 1]?.name !== entry.producer || this.history.count === 0) return;
      this.outstanding = 0;
      if (entry.inFlight !== undefined) world.schedule(timeUs, '', () => this.fill());
    });
  }
}
