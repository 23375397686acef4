/**
 * Serving Fetch on the metadata log (Kafka: handleFetchRequest and its purgatory): a replica that
 * is up to date is held until there is something to tell it. Observers are told of records when
 * they are committed, voters at once, for without them nothing is ever committed.
 */
import { Timer } from '../base/timers.ts';
import { METADATA_TOPIC_ID } from '../base/uuid.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import type { RequestContext } from '../rpc/request-server.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { FetchPartition, FetchRequest } from '../wire/generated/fetch-request.ts';
import { fetchResponse, type PartitionData } from '../wire/generated/fetch-response.ts';
import type { LeaderState, ReplicaProgress } from './leader-state.ts';
import {
  BOOTSTRAP_SNAPSHOT,
  METADATA_PARTITION,
  METADATA_TOPIC,
  type MetadataLog,
  type OffsetAndEpoch,
} from './metadata-log.ts';
import type { Quorum } from './quorum.ts';
import { MAX_FETCH_BYTES, type RaftMessages } from './raft-messages.ts';

/**
 * Ours: a fetch whose time is up while records are on their way waits this much longer for their
 * commit. No-op records come as often as fetches expire, so half of them would cost two fetches.
 */
const EXPIRY_GRACE_MS = 100;

interface ParkedFetch {
  readonly context: RequestContext;
  readonly request: FetchRequest;
  readonly isVoter: boolean;
  readonly deadline: Timer;
  graceUsed: boolean;
}

/** What the leader is told of the fetches that it serves. */
export interface FetchWatcher {
  /** A replica fetches the log or a snapshot. */
  heardFrom(replica: ReplicaProgress): void;
  /** A fetch has moved the high watermark; called at the end of the step. */
  advanced(): void;
  /** Records are written, or about to be, that are not committed. */
  readonly isCommitComing: boolean;
  /** The end of the last batch that is worth waking a voter for when it is committed. */
  readonly lastTellingOffset: number;
}

export class MetadataFetches {
  private readonly runtime: NodeRuntime;
  private readonly quorum: Quorum;
  private readonly log: MetadataLog;
  private readonly messages: RaftMessages;
  private readonly watcher: FetchWatcher;
  private parked: ParkedFetch[] = [];

  constructor(parts: {
    runtime: NodeRuntime;
    quorum: Quorum;
    log: MetadataLog;
    messages: RaftMessages;
    watcher: FetchWatcher;
  }) {
    this.runtime = parts.runtime;
    this.quorum = parts.quorum;
    this.log = parts.log;
    this.messages = parts.messages;
    this.watcher = parts.watcher;
  }

  handle(context: RequestContext, request: FetchRequest): void {
    const error = this.requestProblem(context, request);
    if (error !== ErrorCode.NONE) {
      context.respond(fetchResponse({ errorCode: error }));
      return;
    }
    if (this.answer(context, request, true)) return;
    const deadline = new Timer(() => this.expire(parked));
    const parked: ParkedFetch = {
      context,
      request,
      isVoter: this.isVoter(context, request),
      deadline,
      graceUsed: false,
    };
    this.parked.push(parked);
    this.runtime.timers.arm(parked.deadline, this.runtime.nowMs + request.maxWaitMs);
  }

  private requestProblem(context: RequestContext, request: FetchRequest): ErrorCode {
    if (!this.messages.isOurCluster(request.clusterId)) return ErrorCode.INCONSISTENT_CLUSTER_ID;
    const [topic] = request.topics;
    const partition = topic?.partitions[0];
    const isMetadata =
      context.apiVersion >= 13
        ? topic?.topicId === METADATA_TOPIC_ID
        : topic?.topic === METADATA_TOPIC;
    if (
      !isMetadata ||
      request.topics.length !== 1 ||
      topic?.partitions.length !== 1 ||
      partition?.partition !== METADATA_PARTITION
    ) {
      return ErrorCode.INVALID_REQUEST;
    }
    const { fetchOffset, lastFetchedEpoch, currentLeaderEpoch } = partition;
    const isSound =
      request.maxWaitMs >= 0 &&
      fetchOffset >= 0 &&
      lastFetchedEpoch >= 0 &&
      lastFetchedEpoch <= currentLeaderEpoch;
    return isSound ? ErrorCode.NONE : ErrorCode.INVALID_REQUEST;
  }

  private isVoter(context: RequestContext, request: FetchRequest): boolean {
    const { state } = this.quorum;
    return (
      state.kind === 'leader' && state.leader.isVoter(this.replica(state.leader, context, request))
    );
  }

  private replica(
    leader: LeaderState,
    context: RequestContext,
    request: FetchRequest,
  ): ReplicaProgress {
    const id = context.apiVersion >= 15 ? request.replicaState.replicaId : request.replicaId;
    const { replicaDirectoryId } = partitionOf(request);
    return leader.replica({ id, directoryId: replicaDirectoryId });
  }

  private expire(parked: ParkedFetch): void {
    if (this.watcher.isCommitComing && !parked.graceUsed) {
      parked.graceUsed = true;
      this.runtime.timers.arm(parked.deadline, this.runtime.nowMs + EXPIRY_GRACE_MS);
      return;
    }
    this.parked = this.parked.filter((one) => one !== parked);
    this.answer(parked.context, parked.request, false);
  }

  /** Records were appended: voters get them. */
  appended(): void {
    this.answerParked((one) => one.isVoter);
  }

  /** The high watermark moved, or this node leads no more: everybody is told. */
  answerAll(): void {
    const { lastTellingOffset } = this.watcher;
    this.answerParked((one) => !one.isVoter || this.lacksNews(one, lastTellingOffset));
  }

  /** This node leads no more, or the voters are others: whoever waits must ask again. */
  release(): void {
    this.answerParked(() => true);
  }

  private lacksNews({ context, request }: ParkedFetch, lastTellingOffset: number): boolean {
    const { state } = this.quorum;
    if (state.kind !== 'leader') return true;
    const { toldHighWatermark } = this.replica(state.leader, context, request);
    return toldHighWatermark < Math.min(lastTellingOffset, state.leader.highWatermark);
  }

  private answerParked(isDue: (parked: ParkedFetch) => boolean): void {
    if (this.parked.length === 0) return;
    const due = this.parked.filter(isDue);
    if (due.length === 0) return;
    this.parked = this.parked.filter((one) => !due.includes(one));
    for (const { context, request, deadline } of due) {
      this.runtime.timers.cancel(deadline);
      this.answer(context, request, false);
    }
  }

  /**
   * @param arrived false: it has waited.
   * @returns false, having answered nothing, when there is nothing to tell and it may wait.
   */
  private answer(context: RequestContext, request: FetchRequest, arrived: boolean): boolean {
    const asked = partitionOf(request);
    const { quorum, log } = this;
    const errorCode = quorum.leaderRequestProblem(asked.currentLeaderEpoch);
    const { state } = quorum;
    if (errorCode !== ErrorCode.NONE || state.kind !== 'leader') {
      this.respond(context, { errorCode });
      return true;
    }
    const { leader } = state;
    const missing = this.missing(asked);
    if (missing !== null) {
      this.respond(context, { ...missing, highWatermark: leader.highWatermark });
      return true;
    }
    const replica = this.replica(leader, context, request);
    if (arrived) this.note(leader, replica, context, asked);
    const isWorthTelling = leader.isVoter(replica)
      ? Math.min(leader.highWatermark, this.watcher.lastTellingOffset)
      : leader.highWatermark;
    const upToDate =
      asked.fetchOffset >= log.endOffset && replica.toldHighWatermark >= isWorthTelling;
    if (arrived && request.maxWaitMs > 0 && upToDate) return false;
    replica.toldHighWatermark = leader.highWatermark;
    const maxBytes = Math.min(request.maxBytes, MAX_FETCH_BYTES);
    const records = log.read(asked.fetchOffset, maxBytes, 'log_end');
    this.respond(context, { records, highWatermark: leader.highWatermark });
    return true;
  }

  private note(
    leader: LeaderState,
    replica: ReplicaProgress,
    context: RequestContext,
    asked: FetchPartition,
  ): void {
    const { host, nowMs } = this.runtime;
    if (replica.connection !== context.connection) {
      replica.connection = context.connection;
      replica.toldHighWatermark = -1;
    }
    const moved = leader.fetchedAt(replica, {
      offset: asked.fetchOffset,
      logEndOffset: this.log.endOffset,
      nowMs,
      wallMs: host.clock.wallMs(),
    });
    this.watcher.heardFrom(replica);
    if (moved) this.runtime.defer(() => this.watcher.advanced());
  }

  /** What stands between the replica's log and ours; null: it has a beginning of it. */
  private missing({
    fetchOffset,
    lastFetchedEpoch,
  }: FetchPartition): Partial<PartitionData> | null {
    const latest = this.log.latestSnapshotId();
    if (fetchOffset === 0 && latest !== null && latest.offset > BOOTSTRAP_SNAPSHOT.offset) {
      return snapshotToFetch(latest);
    }
    const compared = this.log.compare(fetchOffset, lastFetchedEpoch);
    switch (compared.kind) {
      case 'valid':
        return null;
      case 'snapshot':
        return snapshotToFetch(compared.id);
      default: {
        const { epoch, offset: endOffset } = compared.end;
        return { divergingEpoch: { epoch, endOffset } };
      }
    }
  }

  private respond(context: RequestContext, body: Partial<PartitionData>): void {
    const response = this.messages.fetchResponse(body, context.apiVersion);
    this.quorum.whenDurable(() => context.respond(response));
  }
}

function partitionOf(request: FetchRequest): FetchPartition {
  return request.topics[0]?.partitions[0] as FetchPartition;
}

function snapshotToFetch({ offset, epoch }: OffsetAndEpoch): Partial<PartitionData> {
  return { snapshotId: { endOffset: offset, epoch } };
}
