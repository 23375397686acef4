/**
 * The consumer as a node: `subscribe` or `assign`, `seek`, `poll`, `commit` and `close` come as
 * commands, each answered once (Kafka: KafkaConsumer). Positions move when a poll returns
 * records; nothing is fetched while no poll runs, beyond one fetch per broker sent at its end.
 */
import { assert } from '../../base/assert.ts';
import { Timer } from '../../base/timers.ts';
import type { CommandId, Host, Node, NodeInput } from '../../host.ts';
import type { VariantChoice } from '../../protocol/variants.ts';
import type { LoginFailure } from '../../rpc/channel-login.ts';
import type { LoginSettings } from '../../security/login.ts';
import { ErrorCode, errorMessage, errorName } from '../../wire/errors.ts';
import { ClientCore } from '../client-core.ts';
import type { ClientCommand, CommandResult, ConsumedRecord, TopicPartition } from '../commands.ts';
import { type ConsumerSettings, consumerSettings } from './consumer-settings.ts';
import { type Assignment, Fetcher } from './fetcher.ts';
import { type ConsumerGroup, createConsumerGroup, type GroupHost } from './group/consumer-group.ts';
import type { CommitOutcome } from './group/group-commits.ts';
import { OffsetRequests } from './offset-requests.ts';
import { offsetsForTimes } from './offsets-for-times.ts';
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
  login: LoginSettings | null = null,
): Node {
  return new ConsumerNode(host, consumerSettings(config), variants, login);
}

const NO_GROUP: ConsumerError = {
  error: 'InvalidGroupIdException',
  message: 'this needs a group: there is no group.id',
};
/** How long a consumer that is told to stop tries to commit and to leave its group. */
const STOP_TIMEOUT_MS = 30_000;

class ConsumerNode implements Node, Assignment, GroupHost {
  partitions: PartitionState[] = [];
  private readonly host: Host;
  private readonly core: ClientCore;
  private readonly settings: ConsumerSettings;
  /** null: the consumer is in no group. */
  private readonly group: ConsumerGroup | null;
  private readonly offsets: OffsetRequests;
  private readonly fetcher: Fetcher;
  private readonly byTopic = new Map<string, (PartitionState | undefined)[]>();
  /** The first runs; the others wait for it. */
  private polls: Poll[] = [];
  private readonly timer = new Timer(() => this.pump());
  /** Nobody lets it in: the next poll says so (Kafka: Metadata.maybeThrowAnyException). */
  private refused: ConsumerError | null = null;
  private isPumping = false;
  private isClosed = false;

  constructor(
    host: Host,
    settings: ConsumerSettings,
    variants: VariantChoice,
    login: LoginSettings | null,
  ) {
    this.host = host;
    this.settings = settings;
    const listener = {
      metadataUpdated: () => {
        this.group?.metadataChanged();
        this.leadersChanged();
      },
      connectionReady: () => {
        this.group?.connectionReady();
        this.pumpLater();
      },
      connectionLost: (brokerId: number) => {
        this.group?.connectionLost(brokerId);
        this.pumpLater();
      },
      loginFailed: (failure: LoginFailure) => {
        this.refused = failure;
        this.pumpLater();
      },
    };
    const mayCreate = settings.allowAutoCreateTopics;
    this.core = new ClientCore(host, settings, listener, mayCreate, variants, login);
    this.fetcher = new Fetcher(this.core, settings, this);
    this.offsets = new OffsetRequests(
      this.core,
      settings,
      (partition) => this.find(partition.topic, partition.partition) === partition,
      () => this.pumpLater(),
    );
    this.group = createConsumerGroup(this.core, settings, this);
  }

  get isPolling(): boolean {
    return this.polls.length > 0;
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
        this.close(STOP_TIMEOUT_MS, () => this.host.exit());
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
        this.group?.assignedByHand();
        this.setPartitions(command.partitions);
        this.core.updater.setTopics(new Set(this.byTopic.keys()));
        this.done(id);
        break;
      case 'subscribe':
      case 'unsubscribe':
      case 'commit':
      case 'committed':
        if (this.group === null) this.fail(id, NO_GROUP);
        else this.groupCommand(this.group, id, command);
        break;
      case 'offsetsForTimes':
        this.offsetsForTimes(id, command.partitions);
        break;
      case 'seek':
        this.seek(id, command.to, command.offset);
        break;
      case 'poll':
        this.polls.push({ id, timeoutMs: command.timeoutMs, deadlineMs: null });
        this.pump();
        break;
      case 'close':
        this.close(command.timeoutMs, () => this.done(id));
        break;
      default: {
        const message = `a consumer cannot ${command.kind}`;
        this.fail(id, { error: 'IllegalStateException', message });
      }
    }
  }

  private groupCommand(
    group: ConsumerGroup,
    id: CommandId,
    command: Extract<ClientCommand, { kind: 'subscribe' | 'unsubscribe' | 'commit' | 'committed' }>,
  ): void {
    switch (command.kind) {
      case 'subscribe':
        group.subscribe(command.topics, {
          commitsOnRevoke: command.commitOnRevoke,
          tells: command.tellAssignment,
        });
        this.done(id);
        this.pumpLater();
        break;
      case 'unsubscribe':
        group.unsubscribe();
        this.done(id);
        break;
      case 'commit': {
        const offsets = command.offsets ?? group.positions();
        const done = (outcome: CommitOutcome): void =>
          outcome.kind === 'committed'
            ? this.done(id)
            : this.fail(id, outcome.error, outcome.isUnknown ? 'unknown' : 'failed');
        if (command.mode === 'async') group.commits.commitAsync(offsets, done);
        else group.commits.commitWithin(this.settings.defaultApiTimeoutMs, offsets, done);
        break;
      }
      case 'committed':
        group.committed.askWithin(
          this.settings.defaultApiTimeoutMs,
          command.partitions,
          (answer) => {
            assert(answer.kind !== 'again', 'an answer that is none');
            if (answer.kind === 'failed') this.fail(id, answer.error);
            else this.host.completed(id, { kind: 'offsets', offsets: answer.positions });
          },
        );
        break;
    }
  }

  private offsetsForTimes(
    id: CommandId,
    partitions: readonly (TopicPartition & { readonly timestampMs: number })[],
  ): void {
    offsetsForTimes(this.core, partitions, this.settings.defaultApiTimeoutMs, (offsets) => {
      const message = 'no leader told in time';
      if (offsets === null) this.fail(id, { error: 'TimeoutException', message });
      else this.host.completed(id, { kind: 'offsets', offsets });
    });
  }

  /** Partitions that were assigned before keep their position. */
  setPartitions(assigned: readonly TopicPartition[]): void {
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

  changed(): void {
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
      const { name, offset, movedBy, leaderEpoch } = one;
      this.host.trace.emit('consumer.position', name, offset, movedBy, leaderEpoch);
    }
  }

  /** Runs the polls that wait, as far as they come. */
  private runPolls(): void {
    const { runtime } = this.core;
    for (;;) {
      const poll = this.polls[0];
      if (poll === undefined || this.isClosed) return;
      poll.deadlineMs ??= runtime.nowMs + poll.timeoutMs;
      const error = this.refused ?? this.group?.poll() ?? null;
      this.refused = null;
      this.findPositions();
      const result = error === null ? this.collect(poll.deadlineMs) : failure(error);
      // The next fetch goes out before the records are handled.
      if (this.group?.isRevoking !== true) this.fetcher.send();
      if (result === null) {
        const atMs = Math.min(poll.deadlineMs, this.fetcher.nextFetchAtMs(runtime.nowMs));
        runtime.timers.arm(this.timer, atMs);
        return;
      }
      this.polls.shift();
      this.host.completed(poll.id, result);
    }
  }

  private findPositions(): void {
    const isAssigned = (one: PartitionState): boolean =>
      this.find(one.topic, one.partition) === one;
    const { group } = this;
    // The application may want to say where to begin.
    if (group?.mustTell !== true) {
      group?.committed.look(this.partitions, isAssigned, () => this.pumpLater());
    }
    this.offsets.send(this.partitions);
  }

  private collect(deadlineMs: number): CommandResult | null {
    const records: ConsumedRecord[] = [];
    const isOver = deadlineMs <= this.core.runtime.nowMs;
    const { group } = this;
    if (group?.mustTell) return this.polled(records);
    if (group?.isRevoking) return isOver ? this.polled(records) : null;
    const error = this.fetcher.collect(records) ?? this.metadataError();
    if (records.length > 0) return this.polled(records);
    if (error !== null) return failure(error);
    return isOver ? this.polled(records) : null;
  }

  private polled(records: readonly ConsumedRecord[]): CommandResult {
    const { group } = this;
    if (group === null || group.toldAssignment) return { kind: 'polled', records };
    group.toldAssignment = true;
    const assignment = this.partitions.map(({ topic, partition }) => ({ topic, partition }));
    return { kind: 'polled', records, assignment };
  }

  private metadataError(): ConsumerError | null {
    for (const topic of this.byTopic.keys()) {
      const code = this.core.metadata.topicError(topic);
      if (!endsWaiting(code)) continue;
      return { error: errorName(code), message: `${errorMessage(code)}: ${topic}` };
    }
    return null;
  }

  /** Polls that wait return empty-handed; a member of a group commits and leaves first. */
  private close(timeoutMs: number, closed: () => void): void {
    if (this.isClosed) return closed();
    this.isClosed = true;
    for (const { id } of this.polls) this.host.completed(id, { kind: 'polled', records: [] });
    this.polls = [];
    this.core.runtime.timers.cancel(this.timer);
    const end = (): void => {
      this.fetcher.close();
      this.core.close();
      closed();
    };
    if (this.group === null) end();
    else this.group.close(timeoutMs, end);
  }

  private done(id: CommandId): void {
    this.host.completed(id, { kind: 'done' });
  }

  private fail(id: CommandId, error: ConsumerError, outcome?: 'failed' | 'unknown'): void {
    this.host.completed(id, failure(error, outcome));
  }
}

/** Errors of a topic's metadata that a poll throws (Kafka: Metadata.maybeThrowAnyException). */
function endsWaiting(code: ErrorCode): boolean {
  return (
    code === ErrorCode.INVALID_TOPIC_EXCEPTION || code === ErrorCode.TOPIC_AUTHORIZATION_FAILED
  );
}

function failure(
  { error, message }: ConsumerError,
  outcome: 'failed' | 'unknown' = 'failed',
): CommandResult {
  return { kind: 'failed', outcome, error, message };
}
