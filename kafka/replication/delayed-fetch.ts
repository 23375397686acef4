/**
 * A fetch request of a consumer or a follower (Kafka: ReplicaManager.fetchMessages, DelayedFetch).
 * It reads all its partitions; when too little is there it parks until one of them changes in a
 * way that matters or its time is up, and then reads everything anew.
 */
import { ErrorCode } from '../wire/errors.ts';
import type { FetchPartition } from '../wire/generated/fetch-request.ts';
import type { PartitionData } from '../wire/generated/fetch-response.ts';
import { Deadlined, type Deadlines } from './deadlines.ts';
import {
  type FetchSpec,
  isDiverging,
  readBound,
  readPartition,
  tellsDivergence,
} from './fetch-read.ts';
import type { Partition } from './partition.ts';
import type { Waiter } from './waiters.ts';

/** One partition's part of a fetch request, or of all requests of a fetch session. */
export class FetchPart implements Waiter {
  done = true;
  partition: Partition | null;
  /** Why `partition` is null. */
  missing: ErrorCode;
  /** A session takes the next one from an incremental fetch. */
  request: FetchPartition;
  /** Filled by every read. */
  readonly answer: PartitionData;
  operation: DelayedFetch | null = null;
  /** Where the wait began: the fetch offset, or the end of what may be read if that is lower. */
  waitOffset = 0;
  /** Bytes found readable while waiting. */
  readableBytes = 0;

  constructor(
    partition: Partition | null,
    missing: ErrorCode,
    request: FetchPartition,
    answer: PartitionData,
  ) {
    this.partition = partition;
    this.missing = missing;
    this.request = request;
    this.answer = answer;
  }

  /** Part of a session that is between two fetches: leaves the list, until it parks again. */
  recheck(): void {
    const { operation } = this;
    if (operation?.waiting === true) operation.recheckPart(this);
    else this.done = true;
  }

  stopWatching(): void {
    if (this.done) return;
    this.done = true;
    this.partition?.waiters.fetches.remove(this);
  }
}

/** What there is for this part, up to its limit; of an older segment without end. */
function readableBytes({ partition, request }: FetchPart, { isolation }: FetchSpec): number {
  const bytes = partition?.log?.readableBytes(request.fetchOffset, isolation) ?? 0;
  return bytes === Number.POSITIVE_INFINITY ? bytes : Math.min(bytes, request.partitionMaxBytes);
}

export class DelayedFetch extends Deadlined {
  private readonly deadlines: Deadlines;
  private spec: FetchSpec;
  private readonly parts: readonly FetchPart[];
  private readonly respond: (operation: DelayedFetch) => void;
  /** Its parts stay in the partitions' lists when it is answered, for its next start. */
  private readonly standing: boolean;
  private readableBytes = 0;
  /** Parked. */
  waiting = false;
  /** A partition answers with an error, or with a divergence: told at once. */
  failed = false;
  /** A partition has something else to tell than records: to cut, or to read elsewhere. */
  private diverged = false;

  constructor(
    deadlines: Deadlines,
    spec: FetchSpec,
    parts: readonly FetchPart[],
    respond: (operation: DelayedFetch) => void,
    standing = false,
  ) {
    super();
    this.deadlines = deadlines;
    this.spec = spec;
    this.parts = parts;
    this.respond = respond;
    this.standing = standing;
  }

  /** The next fetch of a session. */
  restart(spec: FetchSpec): void {
    this.spec = spec;
    this.start();
  }

  /** Reads, records where a follower stands, and answers or parks. */
  start(): void {
    const { spec, parts } = this;
    const bytes = this.readAll(true);
    if (
      spec.maxWaitMs <= 0 ||
      parts.length === 0 ||
      bytes >= spec.minBytes ||
      this.failed ||
      this.diverged ||
      this.isEnoughThere()
    ) {
      this.respond(this);
      return;
    }
    this.waiting = true;
    this.readableBytes = 0;
    for (let i = 0; i < parts.length; i++) this.park(parts[i] as FetchPart);
    this.deadlines.arm(this, spec.maxWaitMs);
  }

  private readAll(recordFetch: boolean): number {
    const { spec, parts } = this;
    let leftBytes = spec.maxBytes;
    let total = 0;
    this.failed = false;
    this.diverged = false;
    for (let i = 0; i < parts.length; i++) {
      const part = parts[i] as FetchPart;
      // Until something was found, a batch larger than the limits is let through (KIP-74).
      const bytes = readPartition(part, spec, leftBytes, total === 0, recordFetch);
      total += bytes;
      const { answer } = part;
      if (answer.errorCode !== ErrorCode.NONE) this.failed = true;
      else if (answer.divergingEpoch.epoch >= 0) this.diverged = true;
      else if (answer.preferredReadReplica >= 0) this.diverged = true;
      leftBytes = leftBytes > bytes ? leftBytes - bytes : 0;
    }
    return total;
  }

  /**
   * Asked for more bytes than one, a fetcher is kept waiting only while that many are not there: the
   * limit of the answer does not count, nor that it gets one segment's bytes at a time (Kafka:
   * DelayedFetch.tryComplete).
   */
  private isEnoughThere(): boolean {
    const { spec, parts } = this;
    if (spec.minBytes <= 1) return false;
    let bytes = 0;
    for (let i = 0; i < parts.length; i++) bytes += readableBytes(parts[i] as FetchPart, spec);
    return bytes >= spec.minBytes;
  }

  private park(part: FetchPart): void {
    const { partition } = part;
    if (partition === null) return;
    const { log } = partition;
    if (log !== null) {
      const bound = readBound(log, this.spec.isolation);
      part.waitOffset = part.request.fetchOffset < bound ? part.request.fetchOffset : bound;
    }
    part.readableBytes = this.spec.minBytes <= 1 ? 0 : readableBytes(part, this.spec);
    this.readableBytes += part.readableBytes;
    part.operation = this;
    if (!part.done) return;
    part.done = false;
    partition.waiters.fetches.add(part);
  }

  /** A partition changed: answers if it must be told, or if it adds enough bytes. */
  recheckPart(part: FetchPart): void {
    const { spec } = this;
    const partition = part.partition as Partition;
    const { log } = partition;
    const { request } = part;
    const byFollower = spec.replicaId >= 0;
    const { currentLeaderEpoch } = request;
    const error = partition.checkFetch(currentLeaderEpoch, byFollower, spec.leaderOnly);
    if (error !== ErrorCode.NONE || log === null) return this.finish();
    const bound = readBound(log, spec.isolation);
    if (part.waitOffset > bound) return this.finish();
    if (isDiverging(log, request) && tellsDivergence(partition, log, request, byFollower)) {
      return this.finish();
    }
    if (part.waitOffset === bound) return;
    if (spec.minBytes <= 1) return this.finish();
    const readable = readableBytes(part, spec);
    this.readableBytes += readable - part.readableBytes;
    part.readableBytes = readable;
    if (this.readableBytes >= spec.minBytes) this.finish();
  }

  override expire(): void {
    this.finish();
  }

  /** Ends the wait without an answer. */
  abandon(): void {
    this.waiting = false;
    this.deadlines.cancel(this);
    if (this.standing) return;
    const { parts } = this;
    for (let i = 0; i < parts.length; i++) (parts[i] as FetchPart).stopWatching();
  }

  private finish(): void {
    this.abandon();
    this.readAll(false);
    this.respond(this);
  }
}
