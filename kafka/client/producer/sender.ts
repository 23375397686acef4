/**
 * Sends batches to their leaders and deals with the answers (Kafka: Sender, and the ready/drain
 * half of RecordAccumulator). Runs at the end of a step in which something happened that may let
 * a batch go: nothing is scanned per request but the partitions of the broker that is sent to.
 */
import { Timer } from '../../base/timers.ts';
import type { RandomStream } from '../../host.ts';
import type { OneInFlightRule } from '../../protocol/one-in-flight.ts';
import type { RpcReply } from '../../rpc/rpc-channel.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode, errorMessage, errorName, isRetriable } from '../../wire/errors.ts';
import type { ProduceResponse } from '../../wire/generated/produce-response.ts';
import { backoffMs } from '../backoff.ts';
import type { ClientCore } from '../client-core.ts';
import { isMetadataError, type LeaderHint } from '../metadata.ts';
import type { Accumulator } from './accumulator.ts';
import { BatchResults } from './batch-results.ts';
import { splitBatch } from './batch-splitting.ts';
import { Idempotence, type ProducerCounters, type Settlement } from './idempotence.ts';
import { BrokerQueue, type PartitionQueue } from './partition-queue.ts';
import { mayHaveBeenWritten } from './produce-errors.ts';
import { batchAnswered, hintOf, requestOf } from './produce-messages.ts';
import type { ProducerBatch } from './producer-batch.ts';
import { ProducerIdRequester } from './producer-id-requester.ts';
import type { ProducerSettings } from './producer-settings.ts';

/** How one attempt to send a batch ended; `NONE` is success. */
interface AttemptResult {
  readonly error: ErrorCode;
  readonly message: string | null;
  readonly baseOffset: number;
  readonly logAppendTimeMs: number;
  readonly logStartOffset: number;
}

const NO_BATCHES: ProducerBatch[] = [];

export class Sender {
  /** Sends wait for memory: every batch is ready. */
  exhausted = false;
  /** Nothing more will be appended: every batch is ready. */
  closing = false;
  /** Flushes that wait: every batch is ready. */
  flushes = 0;
  private readonly core: ClientCore;
  private readonly settings: ProducerSettings;
  private readonly oneInFlight: OneInFlightRule;
  private readonly accumulator: Accumulator;
  private readonly results: BatchResults;
  private readonly onProgress: () => void;
  private readonly random: RandomStream;
  private readonly idempotence: Idempotence | null;
  private readonly producerIds: ProducerIdRequester | null;
  private readonly brokers = new Map<number, BrokerQueue>();
  private readyBrokers: BrokerQueue[] = [];
  /** Batches put back after a failure until their backoff has passed. */
  private retrying: ProducerBatch[] = [];
  private readonly timer = new Timer(() => this.run());
  private isScheduled = false;
  private isClosed = false;
  private readonly runScheduled = () => {
    this.isScheduled = false;
    this.run();
  };

  /** @param onProgress told after batches were answered, when memory may be free again. */
  constructor(
    core: ClientCore,
    settings: ProducerSettings,
    accumulator: Accumulator,
    onProgress: () => void,
    counters: ProducerCounters,
  ) {
    this.core = core;
    this.settings = settings;
    this.accumulator = accumulator;
    this.onProgress = onProgress;
    this.results = new BatchResults(core.runtime.host, accumulator);
    this.random = core.runtime.host.random.stream('retry-backoff');
    const { forgottenProducer, oneInFlight } = core.runtime.rules;
    this.oneInFlight = oneInFlight;
    this.idempotence = settings.idempotent ? new Idempotence(forgottenProducer, counters) : null;
    this.producerIds =
      this.idempotence === null
        ? null
        : new ProducerIdRequester(core, settings, this.idempotence, {
            obtained: () => this.lookAtAll(),
            failed: (error, message) => this.abort(error, message),
          });
  }

  /** Asks for a producer id ahead of the first record. */
  start(): void {
    this.producerIds?.askIfNeeded();
  }

  /** Why the producer can send nothing any more, or null. */
  get fatalError(): { readonly error: string; readonly message: string } | null {
    return this.producerIds?.fatalError ?? null;
  }

  private get nowMs(): number {
    return this.core.runtime.nowMs;
  }

  /** A batch of `queue` became full, or is new. */
  batchChanged(queue: PartitionQueue): void {
    if (queue.broker === null) this.place(queue);
    this.look(queue, this.nowMs);
    this.armTimer();
  }

  /** Looks at every queue: what holds all of them back has changed. */
  lookAtAll(): void {
    const nowMs = this.nowMs;
    for (const queue of this.accumulator.queues) this.look(queue, nowMs);
    this.schedule();
  }

  /** Leaders may have moved. */
  metadataUpdated(): void {
    let isLeaderMissing = false;
    for (const queue of this.accumulator.queues) {
      this.place(queue);
      if (queue.broker === null && queue.size > 0) isLeaderMissing = true;
    }
    if (isLeaderMissing) this.core.updater.requestUpdate();
    this.lookAtAll();
  }

  connectionReady(): void {
    this.producerIds?.askIfNeeded();
    if (this.readyBrokers.length > 0) this.schedule();
  }

  connectionLost(): void {
    if (this.readyBrokers.length > 0) this.schedule();
  }

  private schedule(): void {
    if (this.isScheduled) return;
    this.isScheduled = true;
    this.core.runtime.defer(this.runScheduled);
  }

  /** Assigns a queue to the broker that leads its partition. */
  private place(queue: PartitionQueue): void {
    const { metadata, connections } = this.core;
    const partition = metadata.partition(queue.topic, queue.partition);
    const address = partition === undefined ? undefined : metadata.broker(partition.leader);
    let broker: BrokerQueue | null = null;
    if (partition !== undefined && address !== undefined) {
      const connection = connections.to(address);
      const known = this.brokers.get(address.id);
      broker = known ?? new BrokerQueue(connection);
      broker.connection = connection;
      if (known === undefined) this.brokers.set(address.id, broker);
      queue.leaderEpoch = partition.leaderEpoch;
    }
    if (queue.broker === broker) return;
    const old = queue.broker?.queues;
    old?.splice(old.indexOf(queue), 1);
    queue.broker = broker;
    broker?.queues.push(queue);
  }

  private look(queue: PartitionQueue, nowMs: number): void {
    const { broker } = queue;
    if (broker === null) {
      if (queue.size > 0) this.core.updater.requestUpdate();
      return;
    }
    if (!this.isSendable(queue, nowMs)) return;
    this.schedule();
    if (broker.ready) return;
    broker.ready = true;
    this.readyBrokers.push(broker);
  }

  private isSendable(queue: PartitionQueue, nowMs: number): boolean {
    const { first } = queue;
    if (first === null || (queue.muted && this.oneInFlight.mutes)) return false;
    first.sawLeaderEpoch(queue.leaderEpoch);
    if (first.isBackingOff(nowMs)) return false;
    if (queue.size > 1 || first.isFull) return true;
    if (this.exhausted || this.closing || this.flushes > 0) return true;
    return nowMs - first.createdMs >= this.settings.lingerMs;
  }

  private run(): void {
    if (this.isClosed) return;
    const nowMs = this.nowMs;
    this.expire(nowMs);
    for (;;) {
      const batch = this.accumulator.takeLingered(nowMs);
      if (batch === null) break;
      this.look(batch.queue, nowMs);
    }
    if (this.retrying.length > 0) this.endBackoffs(nowMs);
    const { idempotence } = this;
    if (idempotence !== null) {
      const settlement = idempotence.settle();
      if (settlement !== null) this.settled(settlement, nowMs);
      if (!idempotence.hasProducerId) this.producerIds?.askIfNeeded();
    }
    this.serveReadyBrokers(nowMs);
    this.armTimer();
  }

  private settled({ released, givenUp }: Settlement, nowMs: number): void {
    for (const batch of givenUp) {
      batch.queue.remove(batch);
      const message = `a batch before it expired; whether ${batch.queue.name} has it is not known`;
      this.results.failed(batch, 'OUT_OF_ORDER_SEQUENCE_NUMBER', message);
    }
    for (const queue of released) this.look(queue, nowMs);
    if (givenUp.length > 0) this.progressed();
  }

  private armTimer(): void {
    const oldest = this.accumulator.oldestIncomplete;
    let atMs = this.accumulator.nextLingerAtMs;
    if (oldest !== null) atMs = Math.min(atMs, oldest.createdMs + this.settings.deliveryTimeoutMs);
    for (const batch of this.retrying) if (batch.retryAtMs < atMs) atMs = batch.retryAtMs;
    if (!this.timer.armed || atMs !== this.timer.atMs)
      this.core.runtime.timers.arm(this.timer, atMs);
  }

  private endBackoffs(nowMs: number): void {
    const due = this.retrying.filter((batch) => batch.retryAtMs <= nowMs);
    if (due.length === 0) return;
    this.retrying = this.retrying.filter((batch) => batch.retryAtMs > nowMs);
    for (const batch of due) this.look(batch.queue, nowMs);
  }

  private serveReadyBrokers(nowMs: number): void {
    const brokers = this.readyBrokers;
    let kept = 0;
    for (let i = 0; i < brokers.length; i++) {
      const broker = brokers[i] as BrokerQueue;
      this.serve(broker, nowMs);
      if (broker.ready) brokers[kept++] = broker;
    }
    while (brokers.length > kept) brokers.pop();
  }

  /** Sends requests to one broker until nothing is ready or it takes no more. */
  private serve(broker: BrokerQueue, nowMs: number): void {
    const { idempotence, settings } = this;
    while (broker.ready) {
      const { channel } = broker.connection;
      const isCongested = settings.acks === 0 && channel.isCongested;
      if (!channel.ready || channel.inFlight >= settings.maxInFlight || isCongested) {
        if (broker.blockedSinceMs < 0) broker.blockedSinceMs = nowMs;
        if (!channel.ready) broker.connection.connect(nowMs);
        return;
      }
      broker.blockedSinceMs = -1;
      if (idempotence !== null && !idempotence.hasProducerId) return;
      const batches = this.drain(broker, nowMs);
      if (batches.length > 0) this.send(broker, batches);
      broker.ready = batches.length > 0 && this.hasSendable(broker, nowMs);
    }
  }

  private hasSendable(broker: BrokerQueue, nowMs: number): boolean {
    const { queues } = broker;
    for (let i = 0; i < queues.length; i++) {
      if (this.isSendable(queues[i] as PartitionQueue, nowMs)) return true;
    }
    return false;
  }

  /**
   * Takes the first batch of each partition of the broker, up to `max.request.size`; a broker that
   * is sent to gets batches that still linger too.
   */
  private drain(broker: BrokerQueue, nowMs: number): ProducerBatch[] {
    const { queues } = broker;
    const { idempotence, settings } = this;
    let batches = NO_BATCHES;
    const start = broker.drainIndex % Math.max(1, queues.length);
    let sizeBytes = 0;
    for (let i = 0; i < queues.length; i++) {
      const at = start + i < queues.length ? start + i : start + i - queues.length;
      const queue = queues[at] as PartitionQueue;
      const { first } = queue;
      if (first === null || (queue.muted && this.oneInFlight.mutes)) continue;
      first.sawLeaderEpoch(queue.leaderEpoch);
      if (first.isBackingOff(nowMs)) continue;
      if (batches.length > 0 && sizeBytes + first.sizeBytes > settings.maxRequestSize) {
        broker.drainIndex = at;
        break;
      }
      if (idempotence?.mustWait(queue, first)) continue;
      queue.removeFirst();
      first.closed = true;
      first.drained = true;
      first.inFlight = true;
      idempotence?.prepare(first);
      sizeBytes += first.seal().length;
      if (queue.muted) this.oneInFlight.overtakes(queue.name);
      if (settings.maxInFlight === 1) queue.muted = true;
      // A literal has room for one, which is what a slow producer sends.
      if (batches === NO_BATCHES) batches = [first];
      else batches.push(first);
    }
    return batches;
  }

  private send(broker: BrokerQueue, batches: ProducerBatch[]): void {
    const { acks, requestTimeoutMs } = this.settings;
    const request = requestOf(batches, acks, requestTimeoutMs);
    const { channel } = broker.connection;
    if (acks !== 0) {
      channel.send(apis.Produce, request, (reply) => this.answered(batches, reply));
      return;
    }
    const wasSent = channel.sendOneWay(apis.Produce, request);
    const error = wasSent ? ErrorCode.NONE : ErrorCode.UNSUPPORTED_VERSION;
    const result = failure(error, wasSent ? null : 'the broker has no common Produce version');
    this.core.runtime.defer(() => {
      for (const batch of batches) this.attemptEnded(batch, result, true);
      this.progressed();
    });
  }

  private answered(batches: readonly ProducerBatch[], reply: RpcReply<ProduceResponse>): void {
    this.core.updater.roomMade();
    if (reply.kind === 'response') this.responded(batches, reply.body);
    else {
      const error =
        reply.kind === 'timed-out'
          ? ErrorCode.REQUEST_TIMED_OUT
          : reply.kind === 'disconnected'
            ? ErrorCode.NETWORK_EXCEPTION
            : ErrorCode.UNSUPPORTED_VERSION;
      const wasSent = reply.kind === 'unsupported' ? false : reply.sent;
      for (const batch of batches) this.attemptEnded(batch, failure(error, null), wasSent);
    }
    this.progressed();
  }

  private responded(batches: readonly ProducerBatch[], response: ProduceResponse): void {
    let answeredCount = 0;
    let hints: LeaderHint[] | null = null;
    for (const topic of response.responses) {
      for (const partition of topic.partitionResponses) {
        const batch = batchAnswered(batches, answeredCount, topic.name, partition.index);
        if (batch === undefined) continue;
        answeredCount += 1;
        if (partition.currentLeader.leaderId >= 0) {
          hints ??= [];
          hints.push(hintOf(topic.name, partition));
        }
        this.attemptEnded(
          batch,
          {
            error: partition.errorCode,
            message: partition.errorMessage,
            baseOffset: partition.baseOffset,
            logAppendTimeMs: partition.logAppendTimeMs,
            logStartOffset: partition.logStartOffset,
          },
          true,
        );
      }
    }
    if (answeredCount < batches.length) {
      const silence = failure(ErrorCode.UNKNOWN_SERVER_ERROR, 'the response leaves it out');
      for (const batch of batches) if (batch.inFlight) this.attemptEnded(batch, silence, true);
    }
    if (hints === null) return;
    const endpoints = response.nodeEndpoints.map(({ nodeId, host, port }) => {
      return { id: nodeId, host, port };
    });
    if (this.core.metadata.followHints(hints, endpoints)) this.metadataUpdated();
  }

  /** One attempt ended: completes the batch, puts it back, splits it, or fails it. */
  private attemptEnded(batch: ProducerBatch, result: AttemptResult, wasSent: boolean): void {
    const { error } = result;
    const { queue } = batch;
    batch.inFlight = false;
    queue.muted = false;
    if (error === ErrorCode.NONE || error === ErrorCode.DUPLICATE_SEQUENCE_NUMBER) {
      this.idempotence?.acknowledged(batch);
      // Given up before: its records have their answer already.
      if (!batch.done) this.results.succeeded(batch, result.baseOffset, result.logAppendTimeMs);
    } else if (!batch.done) {
      if (wasSent && mayHaveBeenWritten(error, this.settings.acks)) batch.maybeWritten = true;
      if (error === ErrorCode.MESSAGE_TOO_LARGE && batch.recordCount > 1) this.split(batch);
      else if (this.canRetry(batch, result)) this.putBack(batch, error);
      else this.fail(batch, result);
    }
    if (isMetadataError(error)) this.core.updater.requestUpdate();
    this.look(queue, this.nowMs);
  }

  private canRetry(batch: ProducerBatch, { error, logStartOffset }: AttemptResult): boolean {
    if (this.nowMs - batch.createdMs >= this.settings.deliveryTimeoutMs) return false;
    if (batch.attempts >= this.settings.retries) return false;
    if (this.idempotence === null) return isRetriable(error);
    return this.idempotence.canRetry(batch, error, logStartOffset);
  }

  private putBack(batch: ProducerBatch, error: ErrorCode): void {
    const { retryBackoffMs, retryBackoffMaxMs } = this.settings;
    const waitMs = backoffMs(retryBackoffMs, retryBackoffMaxMs, batch.attempts, this.random);
    batch.attempts += 1;
    batch.retryAtMs = this.nowMs + waitMs;
    this.retrying.push(batch);
    this.requeue(batch);
    const { trace } = this.core.runtime.host;
    trace.emit('client.retried', batch.queue.name, errorName(error), batch.attempts);
  }

  private requeue(batch: ProducerBatch): void {
    if (batch.hasSequence) batch.queue.insertBySequence(batch);
    else batch.queue.addFirst(batch);
  }

  private split(batch: ProducerBatch): void {
    const { queue } = batch;
    const pieces = splitBatch(batch, this.settings.batchSize, this.accumulator.compression);
    if (batch.hasSequence) queue.sequences.replace(batch, pieces);
    for (const piece of pieces) this.accumulator.track(piece, batch);
    for (let i = pieces.length - 1; i >= 0; i--) this.requeue(pieces[i] as ProducerBatch);
    batch.done = true;
    this.accumulator.release(batch);
  }

  private fail(batch: ProducerBatch, { error, message }: AttemptResult): void {
    const wasRefused = !batch.maybeWritten && batch.attempts < this.settings.retries;
    if (wasRefused && !isRetriable(error)) this.idempotence?.refused(batch);
    else this.idempotence?.abandoned(batch);
    this.results.failed(batch, errorName(error), message ?? errorMessage(error));
  }

  /** Fails batches whose delivery.timeout.ms has passed, whether queued or in flight. */
  private expire(nowMs: number): void {
    const { accumulator, settings } = this;
    let hasExpired = false;
    for (;;) {
      const batch = accumulator.oldestIncomplete;
      if (batch === null || nowMs - batch.createdMs < settings.deliveryTimeoutMs) break;
      hasExpired = true;
      const { name } = batch.queue;
      const ageMs = nowMs - batch.createdMs;
      batch.queue.remove(batch);
      this.idempotence?.abandoned(batch);
      const message = `${batch.recordCount} record(s) for ${name} expired ${ageMs} ms after send`;
      this.results.failed(batch, 'TimeoutException', message);
      this.look(batch.queue, nowMs);
    }
    if (!hasExpired) return;
    this.retrying = this.retrying.filter((batch) => !batch.done);
    this.onProgress();
  }

  /** Fails everything that is unfinished. */
  abort(error: string, message: string): void {
    for (;;) {
      const batch = this.accumulator.oldestIncomplete;
      if (batch === null) break;
      batch.queue.remove(batch);
      this.results.failed(batch, error, message);
    }
    this.retrying = [];
    this.progressed();
  }

  /** Memory may be free, and connections may take more. */
  private progressed(): void {
    this.onProgress();
    this.schedule();
  }

  close(): void {
    this.isClosed = true;
    this.producerIds?.close();
    this.core.runtime.timers.cancel(this.timer);
  }
}

function failure(error: ErrorCode, message: string | null): AttemptResult {
  return { error, message, baseOffset: -1, logAppendTimeMs: -1, logStartOffset: -1 };
}
