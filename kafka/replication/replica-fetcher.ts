/**
 * Replicates from one leader broker all partitions that it leads and this broker follows
 * (Kafka: AbstractFetcherThread, ReplicaFetcherThread, with num.replica.fetchers=1). One request
 * is under way at a time. An answer is applied to a partition only while that partition is still
 * followed in the same leader epoch and at the offset that was asked for.
 */
import { Timer } from '../base/timers.ts';
import type { Log } from '../log/log.ts';
import { FetchSessionHandler, isSessionError } from '../rpc/fetch-session-handler.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import type { RpcChannel, RpcReply } from '../rpc/rpc-channel.ts';
import { apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import { type FetchRequest, fetchRequest, replicaState } from '../wire/generated/fetch-request.ts';
import type { FetchResponse, PartitionData } from '../wire/generated/fetch-response.ts';
import { FetchedPartition } from './fetched-partition.ts';
import { LeaderOffsets } from './leader-offsets.ts';
import type { Partition } from './partition.ts';

export interface ReplicaFetcherOptions {
  readonly runtime: NodeRuntime;
  readonly channel: RpcChannel;
  readonly brokerId: number;
  brokerEpoch(): number;
  readonly maxWaitMs: number;
  readonly minBytes: number;
  /** Per partition. */
  readonly maxBytes: number;
  readonly responseMaxBytes: number;
  readonly backoffMs: number;
}

export class ReplicaFetcher {
  private readonly options: ReplicaFetcherOptions;
  private readonly followed = new Map<Partition, FetchedPartition>();
  private readonly request: FetchRequest;
  private readonly session = new FetchSessionHandler<FetchedPartition>();
  /** The values of `followed`, in its order; null: to be rebuilt. */
  private entries: FetchedPartition[] | null = null;
  private inFlight = false;
  /** Logs whose flush policy owes a flush; in Kafka the fetcher thread is inside that flush. */
  private flushing = 0;
  private closed = false;
  /** A historic rule: its thread has died, and nobody noticed. */
  private dead = false;
  private readonly outOfRange: LeaderOffsets;
  private readonly resume: Timer;
  private readonly onReply: (reply: RpcReply<FetchResponse>) => void;
  private readonly proceed: () => void;
  private proceeding = false;

  constructor(options: ReplicaFetcherOptions) {
    this.options = options;
    this.request = fetchRequest({
      maxWaitMs: options.maxWaitMs,
      minBytes: options.minBytes,
      maxBytes: options.responseMaxBytes,
    });
    this.resume = new Timer(() => this.fetch());
    this.onReply = (reply) => this.replied(reply);
    this.proceed = () => {
      this.proceeding = false;
      this.fetch();
    };
    this.outOfRange = new LeaderOffsets(options.channel, options.brokerId);
  }

  get isEmpty(): boolean {
    return this.followed.size === 0;
  }

  /**
   * Follows a partition in its present leader epoch, from its log end on.
   */
  add(partition: Partition, log: Log): void {
    this.remove(partition);
    const { truncation } = partition.rules;
    truncation.begin(log);
    const { topic, topicId, index } = partition;
    const entry = new FetchedPartition(partition, this.session.partition(topic, topicId, index), {
      fetchOffset: log.logEndOffset,
      lastFetchedEpoch: truncation.lastFetchedEpoch(log),
    });
    this.followed.set(partition, entry);
    this.entries = null;
    this.fetchSoon();
  }

  /** Goes on in another leader epoch with what is here, not comparing it with the leader's. */
  goOn(partition: Partition, log: Log): void {
    if (!this.followed.has(partition)) this.add(partition, log);
    const entry = this.followed.get(partition) as FetchedPartition;
    entry.leaderEpoch = partition.leaderEpoch;
    entry.comparesEpochs = false;
    this.moveTo(entry, log);
  }

  remove(partition: Partition): void {
    const entry = this.followed.get(partition);
    if (entry === undefined) return;
    entry.end();
    this.followed.delete(partition);
    this.entries = null;
  }

  close(): void {
    this.closed = true;
    for (const entry of this.followed.values()) entry.end();
    this.followed.clear();
    this.options.runtime.timers.cancel(this.resume);
    this.options.channel.close();
  }

  /** At the end of the step: several partitions may be added in it. */
  private fetchSoon(): void {
    if (this.inFlight || this.proceeding) return;
    this.proceeding = true;
    this.options.runtime.defer(this.proceed);
  }

  private fetch(): void {
    if (this.inFlight || this.closed || this.dead || this.flushing > 0) return;
    const { runtime, channel } = this.options;
    const { request, session } = this;
    session.begin();
    this.wantReady(runtime.nowMs);
    if (!session.finish(request)) return;
    const brokerEpoch = this.options.brokerEpoch();
    if (request.replicaState.replicaEpoch !== brokerEpoch) {
      request.replicaState = replicaState({
        replicaId: this.options.brokerId,
        replicaEpoch: brokerEpoch,
      });
    }
    this.inFlight = true;
    channel.send(apis.Fetch, request, this.onReply);
  }

  /** Wants the partitions to fetch now; arms the timer for those that back off. */
  private wantReady(nowMs: number): void {
    this.entries ??= [...this.followed.values()];
    const { entries, session } = this;
    const { maxBytes } = this.options;
    let resumeAtMs = Number.POSITIVE_INFINITY;
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i] as FetchedPartition;
      const { log } = entry.partition;
      if (log !== null && entry.isReady(nowMs)) {
        const { leaderEpoch, fetchOffset, lastFetchedEpoch } = entry;
        session.want(
          entry.session,
          leaderEpoch,
          fetchOffset,
          lastFetchedEpoch,
          log.logStartOffset,
          maxBytes,
        );
      } else if (entry.delayedUntilMs > nowMs && entry.delayedUntilMs < resumeAtMs) {
        resumeAtMs = entry.delayedUntilMs;
      }
    }
    if (resumeAtMs !== Number.POSITIVE_INFINITY) {
      this.options.runtime.timers.arm(this.resume, resumeAtMs);
    }
  }

  private replied(reply: RpcReply<FetchResponse>): void {
    this.inFlight = false;
    if (this.closed) return;
    if (reply.kind !== 'response') {
      this.session.failed();
      this.backOffAsked();
    } else if (this.session.answered(reply.body)) this.apply(reply.body);
    else if (!isSessionError(reply.body.errorCode)) this.backOffAsked();
    this.fetch();
  }

  private backOffAsked(): void {
    for (const entry of this.followed.values()) {
      if (this.session.wasAsked(entry.session)) this.backOff(entry);
    }
  }

  /** What is absent from an answer has nothing new. */
  private apply({ responses }: FetchResponse): void {
    for (let t = 0; t < responses.length; t++) {
      const { topic, topicId, partitions } = responses[t] as FetchResponse['responses'][number];
      for (let p = 0; p < partitions.length; p++) {
        const answer = partitions[p] as PartitionData;
        const entry = this.session.find(topic, topicId, answer.partitionIndex)?.owner;
        if (entry !== undefined && entry !== null) this.applyPartition(entry, answer);
      }
    }
  }

  private applyPartition(entry: FetchedPartition, answer: PartitionData): void {
    const { partition } = entry;
    const { log } = partition;
    if (!entry.active || !entry.isAsAsked) return;
    if (log === null || entry.leaderEpoch !== partition.leaderEpoch) return;
    switch (answer.errorCode) {
      case ErrorCode.NONE:
        if (answer.divergingEpoch.epoch >= 0) this.truncate(entry, log, answer.divergingEpoch);
        else this.append(entry, log, answer);
        return;
      case ErrorCode.OFFSET_OUT_OF_RANGE:
        this.backOff(entry, Number.POSITIVE_INFINITY);
        this.outOfRange.find(entry, log, (error) => this.repositioned(entry, error));
        return;
      case ErrorCode.FENCED_LEADER_EPOCH:
        // Somebody newer leads; metadata that says so is on its way.
        this.remove(partition);
        return;
      default:
        this.backOff(entry);
    }
  }

  /** The high watermark and log start stay as they are: they may lie beyond the cut (KAFKA-14704). */
  private truncate(
    entry: FetchedPartition,
    log: Log,
    diverging: { epoch: number; endOffset: number },
  ): void {
    log.truncateTo(entry.partition.rules.truncation.target(log, diverging));
    this.moveTo(entry, log);
  }

  private moveTo(entry: FetchedPartition, log: Log): void {
    entry.fetchOffset = log.logEndOffset;
    const { truncation } = entry.partition.rules;
    entry.lastFetchedEpoch = entry.comparesEpochs ? truncation.lastFetchedEpoch(log) : -1;
  }

  private append(entry: FetchedPartition, log: Log, answer: PartitionData): void {
    const { partition } = entry;
    const { records } = answer;
    if (records !== null && records.length > 0) {
      const newestEpoch = partition.rules.fetchFencing.newestEpoch(entry.leaderEpoch);
      const appended = log.appendAsFollower(records, newestEpoch);
      if (appended.error !== ErrorCode.NONE) {
        if (appended.error === ErrorCode.CORRUPT_MESSAGE) this.damaged(entry);
        else this.remove(partition);
        return;
      }
      this.moveTo(entry, log);
      this.awaitFlush(log);
    }
    partition.followHighWatermark(answer.highWatermark);
    if (answer.logStartOffset > log.logStartOffset) {
      log.maybeIncrementLogStartOffset(answer.logStartOffset, 'leader');
    }
  }

  /** It may have been damaged on its way only: the same again (KAFKA-4384). */
  private damaged(entry: FetchedPartition): void {
    const { rules, name } = entry.partition;
    if (rules.fetchDamage.endsFetcher(name)) this.dead = true;
    this.backOff(entry);
  }

  /** The next fetch tells the leader what is here, so it waits for what the flush policy owes. */
  private awaitFlush(log: Log): void {
    if (log.acknowledgedEndOffset >= log.logEndOffset) return;
    this.flushing += 1;
    log.whenAcknowledged(log.logEndOffset, () => {
      this.flushing -= 1;
      if (!this.closed) this.fetchSoon();
    });
  }

  /** OFFSET_OUT_OF_RANGE was dealt with, or the leader could not be asked. */
  private repositioned(entry: FetchedPartition, error: ErrorCode): void {
    const { partition } = entry;
    const { log } = partition;
    if (!entry.active || log === null || this.closed) return;
    if (error === ErrorCode.FENCED_LEADER_EPOCH) {
      this.remove(partition);
      return;
    }
    if (error === ErrorCode.NONE) {
      this.moveTo(entry, log);
      entry.delayedUntilMs = Number.NEGATIVE_INFINITY;
    } else this.backOff(entry);
    this.fetchSoon();
  }

  private backOff(entry: FetchedPartition, forMs = this.options.backoffMs): void {
    entry.delayedUntilMs = this.options.runtime.nowMs + forMs;
  }
}
