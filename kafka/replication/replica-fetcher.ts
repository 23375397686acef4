/**
 * Replicates from one leader broker all partitions that it leads and this broker follows
 * (Kafka: AbstractFetcherThread, ReplicaFetcherThread, with num.replica.fetchers=1). One request
 * is under way at a time. An answer is applied to a partition only while that partition is still
 * followed in the same leader epoch and at the offset that was asked for.
 */
import { Timer } from '../base/timers.ts';
import type { Uuid } from '../base/uuid.ts';
import type { Log } from '../log/log.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import type { RpcChannel, RpcReply } from '../rpc/rpc-channel.ts';
import { apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import {
  type FetchRequest,
  type FetchTopic,
  fetchRequest,
  fetchTopic,
  replicaState,
} from '../wire/generated/fetch-request.ts';
import type { FetchResponse, PartitionData } from '../wire/generated/fetch-response.ts';
import { FetchedPartition } from './fetched-partition.ts';
import { LeaderOffsets } from './leader-offsets.ts';
import type { Partition } from './partition.ts';
import { divergenceTruncation } from './truncation.ts';

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

/** A request's topics and, in parallel, whose entries they are. */
interface Layout {
  readonly topics: FetchTopic[];
  readonly entries: FetchedPartition[][];
}

const NOTHING: Layout = { topics: [], entries: [] };

export class ReplicaFetcher {
  private readonly options: ReplicaFetcherOptions;
  private readonly followed = new Map<Partition, FetchedPartition>();
  private readonly request: FetchRequest;
  /** All followed partitions, for the common case that all are ready; null: to be rebuilt. */
  private all: Layout | null = null;
  private sent: Layout = NOTHING;
  private inFlight = false;
  /** Logs whose flush policy owes a flush; in Kafka the fetcher thread is inside that flush. */
  private flushing = 0;
  private closed = false;
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
   * Follows a partition in its present leader epoch, from its log end on. A log that knows no
   * epoch cannot be checked for divergence: it is first cut to its own high watermark.
   */
  add(partition: Partition, log: Log): void {
    this.remove(partition);
    if (log.latestEpoch < 0) log.truncateTo(log.highWatermark);
    const entry = new FetchedPartition(partition, {
      fetchOffset: log.logEndOffset,
      lastFetchedEpoch: log.latestEpoch,
      maxBytes: this.options.maxBytes,
    });
    this.followed.set(partition, entry);
    this.all = null;
    this.fetchSoon();
  }

  remove(partition: Partition): void {
    const entry = this.followed.get(partition);
    if (entry === undefined) return;
    entry.active = false;
    this.followed.delete(partition);
    this.all = null;
  }

  close(): void {
    this.closed = true;
    for (const entry of this.followed.values()) entry.active = false;
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
    if (this.inFlight || this.closed || this.flushing > 0) return;
    const { runtime, channel } = this.options;
    const layout = this.readyLayout(runtime.nowMs);
    if (layout.topics.length === 0) return;
    const { request } = this;
    const brokerEpoch = this.options.brokerEpoch();
    if (request.replicaState.replicaEpoch !== brokerEpoch) {
      request.replicaState = replicaState({
        replicaId: this.options.brokerId,
        replicaEpoch: brokerEpoch,
      });
    }
    request.topics = layout.topics;
    this.sent = layout;
    this.inFlight = true;
    channel.send(apis.Fetch, request, this.onReply);
  }

  /** The partitions to fetch now; arms the timer for those that back off. */
  private readyLayout(nowMs: number): Layout {
    let delayed = 0;
    let resumeAtMs = Number.POSITIVE_INFINITY;
    for (const entry of this.followed.values()) {
      const log = entry.partition.log;
      if (!entry.isReady(nowMs) || log === null) {
        delayed += 1;
        if (entry.delayedUntilMs > nowMs && entry.delayedUntilMs < resumeAtMs) {
          resumeAtMs = entry.delayedUntilMs;
        }
        continue;
      }
      const { request } = entry;
      request.fetchOffset = entry.fetchOffset;
      request.lastFetchedEpoch = entry.lastFetchedEpoch;
      request.logStartOffset = log.logStartOffset;
    }
    if (resumeAtMs !== Number.POSITIVE_INFINITY) {
      this.options.runtime.timers.arm(this.resume, resumeAtMs);
    }
    if (delayed > 0) return this.layoutOf((entry) => entry.isReady(nowMs));
    if (this.all === null) this.all = this.layoutOf(() => true);
    return this.all;
  }

  private layoutOf(wanted: (entry: FetchedPartition) => boolean): Layout {
    const byTopic = new Map<Uuid, FetchedPartition[]>();
    for (const entry of this.followed.values()) {
      if (entry.partition.log === null || !wanted(entry)) continue;
      const { topicId } = entry.partition;
      const entries = byTopic.get(topicId);
      if (entries === undefined) byTopic.set(topicId, [entry]);
      else entries.push(entry);
    }
    const layout: Layout = { topics: [], entries: [] };
    for (const [topicId, entries] of byTopic) {
      layout.topics.push(fetchTopic({ topicId, partitions: entries.map((one) => one.request) }));
      layout.entries.push(entries);
    }
    return layout;
  }

  private replied(reply: RpcReply<FetchResponse>): void {
    this.inFlight = false;
    if (this.closed) return;
    const layout = this.sent;
    this.sent = NOTHING;
    if (reply.kind !== 'response' || reply.body.errorCode !== ErrorCode.NONE) {
      for (const entries of layout.entries) for (const entry of entries) this.backOff(entry);
    } else this.apply(layout, reply.body);
    this.fetch();
  }

  private apply(layout: Layout, response: FetchResponse): void {
    const { responses } = response;
    for (let t = 0; t < responses.length; t++) {
      const { topicId, partitions } = responses[t] as FetchResponse['responses'][number];
      // A leader answers in the order of the request; anything else is searched for.
      let at = t;
      if (layout.topics[at]?.topicId !== topicId) {
        at = layout.topics.findIndex((topic) => topic.topicId === topicId);
      }
      const entries = layout.entries[at];
      if (entries === undefined) continue;
      for (let p = 0; p < partitions.length; p++) {
        const answer = partitions[p] as PartitionData;
        let entry = entries[p];
        if (entry?.partition.index !== answer.partitionIndex) {
          entry = entries.find((one) => one.partition.index === answer.partitionIndex);
        }
        if (entry !== undefined) this.applyPartition(entry, answer);
      }
    }
  }

  private applyPartition(entry: FetchedPartition, answer: PartitionData): void {
    const { partition } = entry;
    const { log } = partition;
    if (!entry.active || entry.fetchOffset !== entry.request.fetchOffset) return;
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
    log.truncateTo(divergenceTruncation(log, diverging));
    this.moveTo(entry, log);
  }

  private moveTo(entry: FetchedPartition, log: Log): void {
    entry.fetchOffset = log.logEndOffset;
    entry.lastFetchedEpoch = log.latestEpoch;
  }

  private append(entry: FetchedPartition, log: Log, answer: PartitionData): void {
    const { partition } = entry;
    const { records } = answer;
    if (records !== null && records.length > 0) {
      const appended = log.appendAsFollower(records, entry.leaderEpoch);
      if (appended.error !== ErrorCode.NONE) {
        // A corrupt batch may only be so on its way: try again (KAFKA-4384).
        if (appended.error === ErrorCode.CORRUPT_MESSAGE) this.backOff(entry);
        else this.remove(partition);
        return;
      }
      this.moveTo(entry, log);
      this.awaitFlush(log);
    }
    partition.followHighWatermark(answer.highWatermark);
    if (answer.logStartOffset > log.logStartOffset) {
      log.maybeIncrementLogStartOffset(answer.logStartOffset);
    }
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
