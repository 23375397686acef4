/**
 * The producer as a node: `send`, `flush` and `close` come as commands, each answered once
 * (Kafka: KafkaProducer). Order of one client's sends is kept: a send that must wait for metadata
 * or memory holds back those behind it.
 */
import { Timer } from '../../base/timers.ts';
import type { CommandId, Host, Node, NodeInput } from '../../host.ts';
import type { VariantChoice } from '../../protocol/variants.ts';
import type { LoginSettings } from '../../security/login.ts';
import { ErrorCode, errorMessage, errorName } from '../../wire/errors.ts';
import { ClientCore } from '../client-core.ts';
import type { ClientCommand, ProducerRecord } from '../commands.ts';
import { Accumulator, AppendOutcome, batchSizeUpperBound } from './accumulator.ts';
import { BlockedSends } from './blocked-sends.ts';
import type { ProducerCounters } from './idempotence.ts';
import { partitionForKey } from './murmur2.ts';
import type { PartitionQueue } from './partition-queue.ts';
import { type ProducerSettings, producerSettings } from './producer-settings.ts';
import { Sender } from './sender.ts';

/** How long a producer told to stop (SIGTERM) tries to finish. */
const STOP_TIMEOUT_MS = 30_000;

interface Flush {
  readonly id: CommandId;
  /** Blocked sends with a smaller ticket belong to it. */
  readonly ticket: number;
  /** The newest batch that belongs to it; null while blocked sends of it wait. */
  lastOrder: number | null;
}

/** @throws InvalidConfig naming every unknown key and bad value. */
export function createProducerNode(
  host: Host,
  config: Readonly<Record<string, string>>,
  { counters = FROM_ZERO, variants = {}, login = null }: ProducerOptions = {},
): Node {
  return new ProducerNode(host, producerSettings(config), { counters, variants, login });
}

export interface ProducerOptions {
  readonly counters?: ProducerCounters;
  readonly variants?: VariantChoice;
  readonly login?: LoginSettings | null;
}

const FROM_ZERO: ProducerCounters = { sequence: 0, epoch: 0 };

type Attempt = 'done' | 'wait-for-metadata' | 'wait-for-memory';

class ProducerNode implements Node {
  private readonly host: Host;
  private readonly settings: ProducerSettings;
  private readonly core: ClientCore;
  private readonly accumulator: Accumulator;
  private readonly sender: Sender;
  private readonly blocked = new BlockedSends();
  private readonly blockTimer = new Timer(() => this.failOverdue());
  private flushes: Flush[] = [];
  private closeIds: CommandId[] = [];
  private readonly closeTimer = new Timer(() => this.closeNow());
  private state: 'open' | 'closing' | 'closed' = 'open';
  private exitWhenClosed = false;

  constructor(host: Host, settings: ProducerSettings, options: Required<ProducerOptions>) {
    this.host = host;
    this.settings = settings;
    this.core = new ClientCore(
      host,
      settings,
      {
        metadataUpdated: () => {
          this.sender.metadataUpdated();
          this.unblock();
        },
        connectionReady: () => this.sender.connectionReady(),
        connectionLost: () => this.sender.connectionLost(),
        // Batches that have a place already time out, as in Kafka.
        loginFailed: ({ error, message }) => {
          this.failBlocked(error, message);
          this.endFlushes();
        },
      },
      true,
      options.variants,
      options.login,
    );
    const random = host.random.stream('partitioner');
    this.accumulator = new Accumulator(settings, this.core.metadata, {
      random,
      codecs: host.codecs,
    });
    const { counters } = options;
    this.sender = new Sender(this.core, settings, this.accumulator, () => this.unblock(), counters);
    this.core.updater.beforeAsking = () => this.forgetIdleTopics();
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
        this.sender.start();
        break;
      case 'stopping':
        this.exitWhenClosed = true;
        this.close(STOP_TIMEOUT_MS);
        break;
      default:
        this.core.runtime.transport(input);
    }
    this.core.runtime.endStep();
  }

  /** metadata.max.idle.ms; a topic with unfinished batches or waiting sends stays. */
  private forgetIdleTopics(): void {
    if (this.accumulator.oldestIncomplete !== null || this.blocked.count > 0) return;
    const idleSinceMs = this.core.runtime.nowMs - this.settings.metadataMaxIdleMs;
    this.core.updater.retainTopics((name) => this.accumulator.topicUsedAtMs(name) > idleSinceMs);
  }

  private command(id: CommandId, command: ClientCommand): void {
    switch (command.kind) {
      case 'send':
        this.send(id, command.records);
        break;
      case 'flush':
        this.flush(id);
        break;
      case 'close':
        if (this.state === 'closed') this.host.completed(id, { kind: 'done' });
        else {
          this.closeIds.push(id);
          this.close(command.timeoutMs);
        }
        break;
      default:
        this.fail(id, 'IllegalStateException', `a producer cannot ${command.kind}`);
    }
  }

  private send(firstId: CommandId, records: readonly ProducerRecord[]): void {
    for (let i = 0; i < records.length; i++) {
      const id = (firstId + i) as CommandId;
      const record = records[i] as ProducerRecord;
      if (this.state !== 'open') {
        this.fail(id, 'IllegalStateException', 'the producer has been closed');
      } else if (this.blocked.count === 0) {
        const attempt = this.trySend(id, record, this.core.metadata.version);
        if (attempt === 'done') continue;
        this.block(id, record);
        this.waitFor(attempt, record);
      } else this.block(id, record);
    }
  }

  private block(id: CommandId, record: ProducerRecord): void {
    const { runtime } = this.core;
    const deadlineMs = runtime.nowMs + this.settings.maxBlockMs;
    const metadataVersion = this.core.metadata.version;
    this.blocked.add({ id, record, deadlineMs, metadataVersion });
    if (!this.blockTimer.armed) runtime.timers.arm(this.blockTimer, deadlineMs);
  }

  private waitFor(attempt: Attempt, record: ProducerRecord): void {
    if (attempt === 'wait-for-metadata') {
      this.core.updater.addTopic(record.topic);
      this.core.updater.requestUpdate();
    }
    const exhausted = attempt === 'wait-for-memory';
    const isNew = exhausted && !this.sender.exhausted;
    this.sender.exhausted = exhausted;
    if (isNew) this.sender.lookAtAll();
  }

  /** Appends the record, or fails it for good, or says what it must wait for. */
  private trySend(id: CommandId, record: ProducerRecord, issuedAtVersion: number): Attempt {
    const topic = this.core.metadata.topic(record.topic);
    if (topic === undefined) {
      const error = this.topicRefusal(record.topic, issuedAtVersion);
      if (error === ErrorCode.NONE) return 'wait-for-metadata';
      this.fail(id, errorName(error), `${errorMessage(error)}: ${record.topic}`);
      return 'done';
    }
    const partitionCount = topic.partitions.length;
    if (record.partition !== null && record.partition >= partitionCount) return 'wait-for-metadata';
    const problem = this.refusal(record);
    if (problem !== null) {
      this.fail(id, problem.error, problem.message);
      return 'done';
    }
    const { clock } = this.host;
    const timestampMs = record.timestampMs ?? clock.wallMs();
    const partition = this.partitionOf(record, partitionCount);
    const outcome = this.accumulator.append(
      id,
      record,
      partition,
      timestampMs,
      this.core.runtime.nowMs,
    );
    if (outcome === AppendOutcome.APPENDED) return 'done';
    if (outcome === AppendOutcome.NO_MEMORY) return 'wait-for-memory';
    this.sender.batchChanged(this.accumulator.lastQueue as PartitionQueue);
    return 'done';
  }

  /**
   * Why sends to a topic fail at once; NONE: metadata may still come. A topic may be allowed by and
   * by: each send asks anew for one that is not, and fails by an answer that came after it (Kafka:
   * KafkaProducer.waitOnMetadata, Metadata.maybeThrowExceptionForTopic).
   */
  private topicRefusal(topic: string, issuedAtVersion: number): ErrorCode {
    const { metadata } = this.core;
    const error = metadata.topicError(topic);
    if (error === ErrorCode.INVALID_TOPIC_EXCEPTION) return error;
    const newest = metadata.topicErrorSince(topic, issuedAtVersion);
    const { NONE, TOPIC_AUTHORIZATION_FAILED } = ErrorCode;
    return newest === TOPIC_AUTHORIZATION_FAILED ? newest : NONE;
  }

  /** -1: the sticky partitioner chooses. */
  private partitionOf(record: ProducerRecord, partitionCount: number): number {
    if (record.partition !== null) return record.partition;
    if (record.key === null || this.settings.ignoreKeys) return -1;
    return partitionForKey(record.key, partitionCount);
  }

  /** Why a record can never be sent, or null. */
  private refusal(record: ProducerRecord): { error: string; message: string } | null {
    if (record.partition !== null && record.partition < 0) {
      const message = `partition ${record.partition} is below zero`;
      return { error: 'IllegalArgumentException', message };
    }
    if (record.timestampMs !== null && record.timestampMs < 0) {
      const message = `timestamp ${record.timestampMs} is below zero`;
      return { error: 'IllegalArgumentException', message };
    }
    const { maxRequestSize, bufferMemoryBytes } = this.settings;
    const size = batchSizeUpperBound(record);
    if (size > maxRequestSize || size > bufferMemoryBytes) {
      const limit = size > maxRequestSize ? 'max.request.size' : 'buffer.memory';
      const limitBytes = size > maxRequestSize ? maxRequestSize : bufferMemoryBytes;
      const message = `the record takes ${size} bytes, ${limit} is ${limitBytes}`;
      return { error: 'RecordTooLargeException', message };
    }
    return this.sender.fatalError;
  }

  /** Goes on with sends that waited, and ends flushes and closing that are through. */
  private unblock(): void {
    for (;;) {
      const { first } = this.blocked;
      if (first === null) {
        this.sender.exhausted = false;
        break;
      }
      const attempt = this.trySend(first.id, first.record, first.metadataVersion);
      if (attempt !== 'done') {
        this.waitFor(attempt, first.record);
        break;
      }
      this.blocked.removeFirst();
    }
    if (this.flushes.length > 0) this.endFlushes();
    if (this.state === 'closing' && this.accumulator.oldestIncomplete === null) this.closeNow();
  }

  private failOverdue(): void {
    const { nowMs, timers } = this.core.runtime;
    for (;;) {
      const { first } = this.blocked;
      if (first === null) break;
      if (first.deadlineMs > nowMs) {
        timers.arm(this.blockTimer, first.deadlineMs);
        break;
      }
      this.blocked.removeFirst();
      this.fail(first.id, 'TimeoutException', this.overdueMessage(first.record));
    }
    this.unblock();
  }

  private overdueMessage(record: ProducerRecord): string {
    const { maxBlockMs } = this.settings;
    const topic = this.core.metadata.topic(record.topic);
    if (topic === undefined) {
      const error = this.core.metadata.topicError(record.topic);
      const why = error === ErrorCode.NONE ? '' : ` (${errorName(error)})`;
      return `no metadata of topic ${record.topic} after ${maxBlockMs} ms${why}`;
    }
    const partitionCount = topic.partitions.length;
    if (record.partition !== null && record.partition >= partitionCount) {
      return `topic ${record.topic} has no partition ${record.partition} after ${maxBlockMs} ms`;
    }
    return `no buffer memory for the record after ${maxBlockMs} ms`;
  }

  private flush(id: CommandId): void {
    this.flushes.push({ id, ticket: this.blocked.ticketBehindAll, lastOrder: null });
    this.sender.flushes = this.flushes.length;
    this.endFlushes();
    this.sender.lookAtAll();
  }

  private endFlushes(): void {
    const firstTicket = this.blocked.first?.ticket ?? Number.POSITIVE_INFINITY;
    const waiting: Flush[] = [];
    for (const flush of this.flushes) {
      if (flush.lastOrder === null && firstTicket >= flush.ticket) {
        flush.lastOrder = this.accumulator.newestOrder;
      }
      const oldest = this.accumulator.oldestIncomplete?.order ?? Number.POSITIVE_INFINITY;
      if (flush.lastOrder === null || oldest <= flush.lastOrder) waiting.push(flush);
      else this.host.completed(flush.id, { kind: 'done' });
    }
    this.flushes = waiting;
    this.sender.flushes = waiting.length;
  }

  private close(timeoutMs: number): void {
    if (this.state === 'closed') {
      if (this.exitWhenClosed) this.host.exit();
      return;
    }
    this.state = 'closing';
    this.failBlocked('KafkaException', 'the producer was closed while the send waited');
    this.sender.closing = true;
    const { timers, nowMs } = this.core.runtime;
    timers.arm(this.closeTimer, nowMs + timeoutMs);
    if (this.accumulator.oldestIncomplete === null) this.closeNow();
    else this.sender.lookAtAll();
  }

  private failBlocked(error: string, message: string): void {
    for (;;) {
      const { first } = this.blocked;
      if (first === null) return;
      this.blocked.removeFirst();
      this.fail(first.id, error, message);
    }
  }

  private closeNow(): void {
    if (this.state === 'closed') return;
    this.state = 'closed';
    this.sender.abort(
      'KafkaException',
      'the producer was closed before the record was acknowledged',
    );
    const { timers } = this.core.runtime;
    timers.cancel(this.closeTimer);
    timers.cancel(this.blockTimer);
    this.endFlushes();
    this.sender.close();
    this.core.close();
    for (const id of this.closeIds) this.host.completed(id, { kind: 'done' });
    this.closeIds = [];
    if (this.exitWhenClosed) this.host.exit();
  }

  private fail(id: CommandId, error: string, message: string): void {
    this.host.completed(id, { kind: 'failed', outcome: 'failed', error, message });
  }
}
