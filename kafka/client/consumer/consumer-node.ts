/**
 * The consumer as a node, in assign mode: `assign`, `seek`, `poll` and `close` come as commands,
 * each answered once (Kafka: KafkaConsumer without a group). Positions move when a poll returns
 * records; nothing is fetched while no poll runs, beyond one fetch per broker sent at its end.
 */
import { Timer } from '../../base/timers.ts';
import type { CommandId, Host, Node, NodeInput } from '../../host.ts';
import type { VariantChoice } from '../../protocol/variants.ts';
import { ErrorCode, errorMessage, errorName } from '../../wire/errors.ts';
import { ClientCore } from '../client-core.ts';
import type { ClientCommand, CommandResult, ConsumedRecord, TopicPartition } from '../commands.ts';
import { type ConsumerSettings, consumerSettings } from './consumer-settings.ts';
import { type Assignment, Fetcher } from './fetcher.ts';
import { OffsetRequests } from './offset-requests.ts';
import { type ConsumerError, PartitionState } from './partition-state.ts';

interface Poll {
  readonly id: CommandId;
  readonly timeoutMs: number;
  /** Set when it comes to the front of the polls that wait. */
  deadlineMs: number | null;
}

/** @throws InvalidConfig naming every unknown key and bad value. */
export function createConsumerNode(
  host: Host,
  config: Readonly<Record<string, string>>,
  variants: VariantChoice = {},
): Node {
  return new ConsumerNode(host, consumerSettings(config), variants);
}

class ConsumerNode implements Node, Assignment {
  partitions: PartitionState[] = [];
  private readonly host: Host;
  private readonly core: ClientCore;
  private readonly offsets: OffsetRequests;
  private readonly fetcher: Fetcher;
  private readonly byTopic = new Map<string, (PartitionState | undefined)[]>();
  /** The first runs; the others wait for it. */
  private polls: Poll[] = [];
  private readonly timer = new Timer(() => this.pump());
  private isPumping = false;
  private isClosed = false;

  constructor(host: Host, settings: ConsumerSettings, variants: VariantChoice) {
    this.host = host;
    const listener = {
      metadataUpdated: () => this.leadersChanged(),
      connectionReady: () => this.pumpLater(),
      connectionLost: () => this.pumpLater(),
    };
    this.core = new ClientCore(host, settings, listener, settings.allowAutoCreateTopics, variants);
    this.fetcher = new Fetcher(this.core, settings, this);
    this.offsets = new OffsetRequests(
      this.core,
      settings,
      (partition) => this.find(partition.topic, partition.partition) === partition,
      () => this.pumpLater(),
    );
  }

  get wakeAtMs(): number {
    return this.core.runtime.wakeAtMs;
  }

  step(input: NodeInput): void {
    switch (input.kind) {
      case 'command':
        this.command(input.id, input.command);
        break;
      case 'started':
        this.core.updater.refreshNow();
        break;
      case 'stopping':
        this.close();
        this.host.exit();
        break;
      default:
        this.core.runtime.transport(input);
    }
    this.core.runtime.endStep();
  }

  private command(id: CommandId, command: ClientCommand): void {
    if (this.isClosed && command.kind !== 'close') {
      this.fail(id, { error: 'IllegalStateException', message: 'the consumer has been closed' });
      return;
    }
    switch (command.kind) {
      case 'assign':
        this.assign(command.partitions);
        this.done(id);
        break;
      case 'seek':
        this.seek(id, command.to, command.offset);
        break;
      case 'poll':
        this.polls.push({ id, timeoutMs: command.timeoutMs, deadlineMs: null });
        this.pump();
        break;
      case 'close':
        this.close();
        this.done(id);
        break;
      default: {
        const message = `a consumer cannot ${command.kind}`;
        this.fail(id, { error: 'IllegalStateException', message });
      }
    }
  }

  /** Partitions that were assigned before keep their position. */
  private assign(assigned: readonly TopicPartition[]): void {
    const kept: PartitionState[] = [];
    for (const { topic, partition } of assigned) {
      const state = this.find(topic, partition) ?? new PartitionState(topic, partition);
      if (!kept.includes(state)) kept.push(state);
    }
    this.partitions = kept;
    this.byTopic.clear();
    for (const state of kept) {
      const ofTopic = this.byTopic.get(state.topic) ?? [];
      ofTopic[state.partition] = state;
      this.byTopic.set(state.topic, ofTopic);
    }
    this.core.updater.setTopics(new Set(this.byTopic.keys()));
    this.leadersChanged();
  }

  private seek(id: CommandId, { topic, partition }: TopicPartition, offset: number): void {
    const state = this.find(topic, partition);
    if (state === undefined) {
      const message = `${topic}-${partition} is not assigned`;
      this.fail(id, { error: 'IllegalStateException', message });
    } else if (offset < 0) {
      const message = `offset ${offset} is below zero`;
      this.fail(id, { error: 'IllegalArgumentException', message });
    } else {
      state.seek(offset);
      this.done(id);
      this.pumpLater();
    }
  }

  find(topic: string, partition: number): PartitionState | undefined {
    return this.byTopic.get(topic)?.[partition];
  }

  moveToEnd(partition: PartitionState): void {
    if (this.partitions.length < 2) return;
    this.partitions.splice(this.partitions.indexOf(partition), 1);
    this.partitions.push(partition);
  }

  leadersChanged(): void {
    const { metadata, runtime } = this.core;
    const { consumerPosition } = runtime.rules;
    for (const one of this.partitions)
      one.followLeader(metadata.partition(one.topic, one.partition), consumerPosition);
    this.pumpLater();
  }

  arrived(): void {
    this.pumpLater();
  }

  private pumpLater(): void {
    if (this.isPumping || this.polls.length === 0) return;
    this.isPumping = true;
    this.core.runtime.defer(() => {
      this.isPumping = false;
      this.pump();
    });
  }

  private pump(): void {
    this.runPolls();
    for (const one of this.partitions) {
      if (one.offset === one.toldOffset || one.offset < 0) continue;
      one.toldOffset = one.offset;
      this.host.trace.emit('consumer.position', one.name, one.offset, one.movedBy);
    }
  }

  /** Runs the polls that wait, as far as they come. */
  private runPolls(): void {
    const { runtime } = this.core;
    for (;;) {
      const poll = this.polls[0];
      if (poll === undefined || this.isClosed) return;
      poll.deadlineMs ??= runtime.nowMs + poll.timeoutMs;
      this.offsets.send(this.partitions);
      const result = this.collect(poll.deadlineMs);
      // The next fetch goes out before the records are handled.
      this.fetcher.send();
      if (result === null) {
        const atMs = Math.min(poll.deadlineMs, this.fetcher.nextFetchAtMs(runtime.nowMs));
        runtime.timers.arm(this.timer, atMs);
        return;
      }
      this.polls.shift();
      this.host.completed(poll.id, result);
    }
  }

  private collect(deadlineMs: number): CommandResult | null {
    const records: ConsumedRecord[] = [];
    const error = this.fetcher.collect(records) ?? this.metadataError();
    if (records.length > 0) return { kind: 'polled', records };
    if (error !== null) return failure(error);
    return deadlineMs <= this.core.runtime.nowMs ? { kind: 'polled', records } : null;
  }

  private metadataError(): ConsumerError | null {
    for (const topic of this.byTopic.keys()) {
      const code = this.core.metadata.topicError(topic);
      if (code !== ErrorCode.INVALID_TOPIC_EXCEPTION) continue;
      return { error: errorName(code), message: `${errorMessage(code)}: ${topic}` };
    }
    return null;
  }

  /** Polls that wait return empty-handed. */
  private close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const { id } of this.polls) this.host.completed(id, { kind: 'polled', records: [] });
    this.polls = [];
    this.core.runtime.timers.cancel(this.timer);
    this.fetcher.close();
    this.core.close();
  }

  private done(id: CommandId): void {
    this.host.completed(id, { kind: 'done' });
  }

  private fail(id: CommandId, error: ConsumerError): void {
    this.host.completed(id, failure(error));
  }
}

function failure({ error, message }: ConsumerError): CommandResult {
  return { kind: 'failed', outcome: 'failed', error, message };
}
