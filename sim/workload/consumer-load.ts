/**
 * One consuming application: assigns itself its partitions and polls, one poll after the other.
 * What it was given, in order, is in `history`. One that wants all partitions looks for new ones
 * as often as its client asks for metadata, for an assignment does not follow a topic by itself
 * (Kafka: KafkaConsumer.assign and partitionsFor).
 */
import type { CommandResult, ConsumedRecord, TopicPartition } from '../../kafka/client/commands.ts';
import type { ClientHistory, PollHistory } from '../check/history/history.ts';
import { partitionOf } from '../check/settings.ts';
import type { RunWorld } from '../run-world.ts';
import { range } from './range.ts';

export interface ConsumerLoadOptions {
  readonly client: string;
  readonly topic: string;
  /** Those that it assigns itself; those of the topic at the beginning when it wants all. */
  readonly partitions: readonly number[];
  /** How often it looks for more of them (metadata.max.age.ms); null: it wants these only. */
  readonly growthEveryUs: number | null;
  readonly startUs: number;
  readonly stopUs: number;
  readonly pollEveryUs: number;
  readonly pollTimeoutMs: number;
  /** Where it begins without a position: auto.offset.reset. */
  readonly reset: string;
}

interface Bounds {
  readonly startOffset: number;
  /** Of what is committed. */
  readonly endOffset: number;
}

/** After a failed poll an application does not ask again at once. */
const PAUSE_AFTER_FAILURE_US = 100_000;
const LONG_PAUSE_US = 1_000_000;
const STALLED_AFTER_US = 5_000_000;

export class ConsumerLoad {
  readonly history: PollHistory;
  /** Records given so far. */
  records = 0;
  polls = 0;
  /** Told of every record that it is given, in order. */
  onRecords: ((records: readonly ConsumedRecord[]) => void) | null = null;
  /** By partition, in its present life: its position, behind the newest record that was given. */
  readonly endOffsets = new Map<number, number>();
  private readonly world: RunWorld;
  private readonly all: ClientHistory;
  private readonly options: ConsumerLoadOptions;
  private partitions: readonly number[];
  /** How many partitions the topic was given since it was made, as its controllers told. */
  private made = 0;
  private stopped = false;
  /** Grows with each life of the client; polls of an earlier one are forgotten. */
  private life = 0;
  private waits = false;
  /** When it was last given anything. */
  private givenUs = 0;

  constructor(
    world: RunWorld,
    parts: { all: ClientHistory; history: PollHistory; options: ConsumerLoadOptions },
  ) {
    this.world = world;
    this.all = parts.all;
    this.history = parts.history;
    this.options = parts.options;
    this.partitions = parts.options.partitions;
    if (parts.options.growthEveryUs !== null) this.countPartitions();
    world.trace.subscribe('input.started', (_event, timeUs, node) => {
      if (world.nodes[node - 1]?.name !== this.options.client || this.life === 0) return;
      world.schedule(timeUs, '', () => this.begin());
    });
    // A position that it was not given records up to: where it begins, or after a truncation.
    world.trace.subscribe('consumer.position', (_event, _timeUs, node, name, offset, how) => {
      if (how === 'polled' || world.nodes[node - 1]?.name !== this.options.client) return;
      const index = partitionOf(this.options.topic, name as string);
      if (index >= 0) this.endOffsets.set(index, offset as number);
    });
  }

  get client(): string {
    return this.options.client;
  }
  /** Where it begins without a position: auto.offset.reset. */
  get reset(): string {
    return this.options.reset;
  }
  /** When it begins to poll. */
  get startUs(): number {
    return this.options.startUs;
  }

  /** A poll is under way. */
  get isPolling(): boolean {
    return this.waits;
  }

  /** Slowly perhaps, but it goes on: it was given something within the last seconds. */
  get progresses(): boolean {
    return this.world.nowUs - this.givenUs < STALLED_AFTER_US;
  }

  /**
   * The partitions that it was not given to their end, and up to where it was: from its position
   * on, which a new life finds anew (`auto.offset.reset`). Who makes long pauses, who has stopped
   * and who never begins by itself is not asked.
   */
  unread(boundsOf: (partition: string) => Bounds): { partition: string; given: number }[] {
    const { topic, pollEveryUs, stopUs, reset } = this.options;
    if (pollEveryUs > LONG_PAUSE_US || stopUs < this.world.nowUs || reset === 'none') return [];
    const unread: { partition: string; given: number }[] = [];
    for (const index of this.partitions) {
      const partition = `${topic}-${index}`;
      const { startOffset, endOffset } = boundsOf(partition);
      const given = this.endOffsets.get(index) ?? startOffset;
      if (given < endOffset) unread.push({ partition, given });
    }
    return unread;
  }

  start(): void {
    this.world.schedule(this.options.startUs, '', () => this.begin());
  }

  /** No further polls. */
  stop(): void {
    this.stopped = true;
  }

  private begin(): void {
    const { options } = this;
    this.life += 1;
    this.waits = false;
    this.endOffsets.clear();
    const { life } = this;
    if (options.growthEveryUs !== null && this.made > 0) this.partitions = range(this.made);
    this.assign(() => this.poll(life));
    this.lookForGrowth(life);
  }

  private assign(done: () => void): void {
    const { world, options } = this;
    const { topic } = options;
    const partitions: TopicPartition[] = this.partitions.map((partition) => ({ topic, partition }));
    this.history.assigned.push({
      event: world.events + 1,
      timeUs: world.nowUs,
      partitions: this.partitions,
      polls: this.history.polls.outcome.length,
    });
    world.command(options.client, { kind: 'assign', partitions }, done);
  }

  private countPartitions(): void {
    const { trace } = this.world;
    trace.subscribe('topic.created', (_event, _timeUs, _node, topic) => {
      if (topic === this.options.topic) this.made = 0;
    });
    trace.subscribe('leader.elected', (...told) => {
      const [, , , partition, , , , , how] = told;
      if (how !== 'created') return;
      this.made = Math.max(this.made, partitionOf(this.options.topic, partition as string) + 1);
    });
  }

  private lookForGrowth(life: number): void {
    const { world, options } = this;
    if (options.growthEveryUs === null) return;
    world.schedule(world.nowUs + options.growthEveryUs, '', () => {
      if (this.stopped || life !== this.life || world.nowUs >= options.stopUs) return;
      if (this.made > 0 && this.made !== this.partitions.length) {
        this.partitions = range(this.made);
        this.assign(() => undefined);
      }
      this.lookForGrowth(life);
    });
  }

  private poll(life: number): void {
    if (this.stopped || life !== this.life || this.world.nowUs >= this.options.stopUs) return;
    const command = { kind: 'poll', timeoutMs: this.options.pollTimeoutMs } as const;
    this.waits = true;
    const poll = this.history.invoked(this.world.events + 1, this.world.nowUs);
    this.world.command(this.options.client, command, (result, event) => {
      if (life === this.life) this.answered(poll, result, event);
    });
  }

  private answered(poll: number, result: CommandResult, event: number): void {
    this.polls += 1;
    this.waits = false;
    const at = { event, timeUs: this.world.nowUs };
    this.history.answered(poll, at, result.kind === 'polled');
    let pauseUs = this.options.pollEveryUs;
    if (result.kind === 'polled') this.took(result, event);
    else {
      const told = result.kind === 'failed' ? result : { error: result.kind, message: '' };
      this.history.failures.push({ event, error: told.error, message: told.message });
      pauseUs = Math.max(pauseUs, PAUSE_AFTER_FAILURE_US);
    }
    const { life } = this;
    if (pauseUs === 0) this.poll(life);
    else this.world.schedule(this.world.nowUs + pauseUs, '', () => this.poll(life));
  }

  private took(result: Extract<CommandResult, { kind: 'polled' }>, event: number): void {
    const { history, world } = this;
    for (const record of result.records) {
      history.event.push(event);
      history.timeUs.push(world.nowUs);
      history.partition.push(record.partition);
      history.offset.push(record.offset);
      history.record.push(this.all.recordIdOf(record));
      this.endOffsets.set(record.partition, record.offset + 1);
    }
    this.records += result.records.length;
    if (result.records.length === 0) return;
    this.givenUs = world.nowUs;
    this.onRecords?.(result.records);
  }
}
