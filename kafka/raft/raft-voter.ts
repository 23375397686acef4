/**
 * A voter of the metadata quorum (Kafka: KafkaRaftClient, QuorumState). There is one voter: it
 * has the majority by itself and leads from its start on. What a leader does is here for any
 * number of voters; votes and following another voter are not.
 */
import { assert } from '../base/assert.ts';
import { Timer } from '../base/timers.ts';
import { METADATA_TOPIC_ID, type Uuid, ZERO_UUID } from '../base/uuid.ts';
import { Writer } from '../base/writer.ts';
import { ControlRecordType, controlBatch } from '../records/control.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import type { RequestContext } from '../rpc/request-server.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { FetchPartition, FetchRequest } from '../wire/generated/fetch-request.ts';
import {
  type FetchResponse,
  fetchResponse,
  partitionData,
} from '../wire/generated/fetch-response.ts';
import {
  encodeLeaderChangeMessage,
  leaderChangeMessage,
} from '../wire/generated/leader-change-message.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import { BatchAccumulator } from './batch-accumulator.ts';
import { LeaderState } from './leader-state.ts';
import {
  decodeMetadataBatches,
  type MetadataBatch,
  MetadataBatchEncoder,
} from './metadata-batches.ts';
import { METADATA_PARTITION, METADATA_TOPIC, type MetadataLog } from './metadata-log.ts';
import type { ElectionState, QuorumStateFile } from './quorum-state-file.ts';
import type { Voter } from './voters.ts';

/** At most this much is read for one Fetch or one step of a replay (Kafka: 8 MiB). */
export const MAX_FETCH_BYTES = 8_388_608;
const LEADER_CHANGE_VERSION = 0;
/**
 * Ours: a fetch whose time is up while records are on their way waits this much longer for their
 * commit. No-op records come as often as fetches expire, so half of them would cost two fetches.
 */
const EXPIRY_GRACE_MS = 100;

export interface VoterListener {
  /** This node leads `epoch`, and everything of earlier epochs is committed and can be read. */
  becameLeader(epoch: number): void;
  /** Everything below is committed. */
  committedTo(highWatermark: number): void;
}

/** `resigned` comes with the elections of a larger quorum. */
type State =
  | { readonly kind: 'unattached'; readonly epoch: number }
  | { readonly kind: 'leader'; readonly epoch: number; readonly leader: LeaderState };

interface ParkedFetch {
  readonly context: RequestContext;
  readonly request: FetchRequest;
  readonly deadline: Timer;
  graceUsed: boolean;
}

export class RaftVoter {
  private readonly runtime: NodeRuntime;
  private readonly log: MetadataLog;
  private readonly stateFile: QuorumStateFile;
  private readonly voters: readonly Voter[];
  private readonly localId: number;
  private readonly directoryId: Uuid;
  private readonly clusterId: string;
  private readonly lingerMs: number;
  private readonly listener: VoterListener;
  private readonly encoder = new MetadataBatchEncoder();
  private state: State = { kind: 'unattached', epoch: 0 };
  private accumulator: BatchAccumulator | null = null;
  private announced = false;
  private parked: ParkedFetch[] = [];

  constructor(parts: {
    runtime: NodeRuntime;
    log: MetadataLog;
    stateFile: QuorumStateFile;
    voters: readonly Voter[];
    localId: number;
    directoryId: Uuid;
    clusterId: string;
    lingerMs: number;
    listener: VoterListener;
  }) {
    this.runtime = parts.runtime;
    this.log = parts.log;
    this.stateFile = parts.stateFile;
    this.voters = parts.voters;
    this.localId = parts.localId;
    this.directoryId = parts.directoryId;
    this.clusterId = parts.clusterId;
    this.lingerMs = parts.lingerMs;
    this.listener = parts.listener;
    const [only] = this.voters;
    assert(
      this.voters.length === 1 && only?.id === this.localId,
      `the quorum must be this node alone, not ${this.voters.map((voter) => voter.id).join()}`,
    );
  }

  get epoch(): number {
    return this.state.epoch;
  }
  get leaderId(): number {
    return this.state.kind === 'leader' ? this.localId : -1;
  }
  /** -1 until it is known. */
  get highWatermark(): number {
    return this.state.kind === 'leader' ? this.state.leader.highWatermark : -1;
  }
  get logEndOffset(): number {
    return this.log.endOffset;
  }
  /** The offset of the next record appended; only of a leader. */
  get nextOffset(): number {
    assert(this.accumulator !== null, 'only a leader appends');
    return this.accumulator.nextOffset;
  }

  /** Votes for itself, which wins: durable first, then it acts as leader. */
  start(): void {
    const stored = this.stateFile.read();
    const epoch = Math.max(stored?.leaderEpoch ?? 0, this.log.lastFetchedEpoch) + 1;
    const state: ElectionState = {
      leaderEpoch: epoch,
      leaderId: this.localId,
      votedId: this.localId,
    };
    this.state = { kind: 'unattached', epoch };
    this.stateFile.write(state, () => this.lead(epoch));
  }

  private lead(epoch: number): void {
    const epochStartOffset = this.log.endOffset;
    const voters = this.voters.map(({ id }) => ({
      id,
      directoryId: id === this.localId ? this.directoryId : ZERO_UUID,
    }));
    const leader = new LeaderState({ epoch, localId: this.localId, epochStartOffset, voters });
    this.state = { kind: 'leader', epoch, leader };
    this.runtime.host.trace.emit('quorum.state', 'leader', epoch, this.localId);
    this.accumulator = new BatchAccumulator({
      runtime: this.runtime,
      lingerMs: this.lingerMs,
      nextOffset: epochStartOffset + 1,
      drained: (records) => this.write(records),
    });
    this.appendBatch(this.leaderChangeBatch(epoch));
  }

  private leaderChangeBatch(epoch: number): Uint8Array {
    const voters = this.voters.map(({ id }) => ({ voterId: id, voterDirectoryId: ZERO_UUID }));
    const message = leaderChangeMessage({
      version: LEADER_CHANGE_VERSION,
      leaderId: this.localId,
      voters,
      grantingVoters: voters,
    });
    const writer = new Writer();
    writer.begin();
    encodeLeaderChangeMessage(writer, message, LEADER_CHANGE_VERSION);
    return controlBatch({
      type: ControlRecordType.LEADER_CHANGE,
      value: writer.finish(),
      timestampMs: this.runtime.host.clock.wallMs(),
      leaderEpoch: epoch,
    });
  }

  /** Takes records for the log. @returns the offset that the last one has. */
  append(records: readonly MetadataRecord[]): number {
    assert(this.accumulator !== null, 'only a leader appends');
    return this.accumulator.append(records);
  }

  private write(records: readonly MetadataRecord[]): void {
    const batch = this.encoder.encode(records, {
      baseOffset: this.log.endOffset,
      leaderEpoch: this.epoch,
      timestampMs: this.runtime.host.clock.wallMs(),
    });
    this.appendBatch(batch);
  }

  /** Our own end offset counts towards the high watermark once it is flushed (KAFKA-10533). */
  private appendBatch(batch: Uint8Array): void {
    const endOffset = this.log.appendAsLeader(batch, this.epoch);
    if (endOffset === null) return;
    this.log.flush(() => {
      if (this.leaderState().flushedTo(endOffset)) this.advanced();
    });
  }

  private leaderState(): LeaderState {
    assert(this.state.kind === 'leader', 'not the leader');
    return this.state.leader;
  }

  private advanced(): void {
    const { highWatermark, epoch } = this.leaderState();
    this.log.updateHighWatermark(highWatermark);
    this.runtime.host.trace.emit('quorum.committed', highWatermark, epoch, 'leader');
    if (!this.announced) {
      this.announced = true;
      this.listener.becameLeader(epoch);
    }
    this.listener.committedTo(highWatermark);
    this.answerParked();
  }

  /** Calls `visit` with every committed batch from `offset` on, in order. */
  replay(offset: number, visit: (batch: MetadataBatch) => void): void {
    let next = offset;
    while (next < this.highWatermark && this.log.online) {
      const bytes = this.log.read(next, MAX_FETCH_BYTES, 'high_watermark');
      const batches = decodeMetadataBatches(bytes, this.highWatermark);
      assert(batches.length > 0 || !this.log.online, `no metadata batch at offset ${next}`);
      for (const batch of batches) {
        visit(batch);
        next = batch.lastOffset + 1;
      }
    }
  }

  /** Replicas fetch the metadata log here, and are held until the high watermark moves. */
  handleFetch(context: RequestContext, request: FetchRequest): void {
    const error = this.requestProblem(context, request);
    if (error !== ErrorCode.NONE) {
      context.respond(fetchResponse({ errorCode: error }));
      return;
    }
    if (this.answer(context, request, request.maxWaitMs > 0)) return;
    const deadline = new Timer(() => this.expire(parked));
    const parked: ParkedFetch = { context, request, deadline, graceUsed: false };
    this.parked.push(parked);
    this.runtime.timers.arm(parked.deadline, this.runtime.nowMs + request.maxWaitMs);
  }

  private requestProblem(context: RequestContext, request: FetchRequest): ErrorCode {
    if (request.clusterId !== null && request.clusterId !== this.clusterId) {
      return ErrorCode.INCONSISTENT_CLUSTER_ID;
    }
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

  private expire(parked: ParkedFetch): void {
    const commitIsComing = this.accumulator !== null && this.nextOffset > this.highWatermark;
    if (commitIsComing && !parked.graceUsed) {
      parked.graceUsed = true;
      this.runtime.timers.arm(parked.deadline, this.runtime.nowMs + EXPIRY_GRACE_MS);
      return;
    }
    this.parked = this.parked.filter((one) => one !== parked);
    this.answer(parked.context, parked.request, false);
  }

  private answerParked(): void {
    const parked = this.parked;
    this.parked = [];
    for (const { context, request, deadline } of parked) {
      this.runtime.timers.cancel(deadline);
      this.answer(context, request, false);
    }
  }

  /** @returns false, having answered nothing, when there is nothing to tell and it may wait. */
  private answer(context: RequestContext, request: FetchRequest, mayWait: boolean): boolean {
    const asked = request.topics[0]?.partitions[0] as FetchPartition;
    const error = this.epochProblem(asked.currentLeaderEpoch);
    if (error !== ErrorCode.NONE) {
      this.respond(context, { errorCode: error });
      return true;
    }
    const diverging = this.log.divergence(asked.fetchOffset, asked.lastFetchedEpoch);
    if (diverging !== null) {
      const divergingEpoch = { epoch: diverging.epoch, endOffset: diverging.offset };
      this.respond(context, { divergingEpoch });
      return true;
    }
    const leader = this.leaderState();
    const replicaId = context.apiVersion >= 15 ? request.replicaState.replicaId : request.replicaId;
    const replica = leader.replica(replicaId, asked.replicaDirectoryId);
    if (replica.connection !== context.connection) {
      replica.connection = context.connection;
      replica.toldHighWatermark = -1;
    }
    const moved = leader.fetchedAt(replica, {
      offset: asked.fetchOffset,
      logEndOffset: this.log.endOffset,
      wallMs: this.runtime.host.clock.wallMs(),
    });
    if (moved) this.runtime.defer(() => this.advanced());
    const upToDate =
      asked.fetchOffset >= this.log.endOffset && replica.toldHighWatermark >= leader.highWatermark;
    if (mayWait && upToDate) return false;
    replica.toldHighWatermark = leader.highWatermark;
    const maxBytes = Math.min(request.maxBytes, MAX_FETCH_BYTES);
    const records = this.log.read(asked.fetchOffset, maxBytes, 'log_end');
    this.respond(context, { records });
    return true;
  }

  private epochProblem(requestEpoch: number): ErrorCode {
    if (requestEpoch < this.epoch) return ErrorCode.FENCED_LEADER_EPOCH;
    if (requestEpoch > this.epoch) return ErrorCode.UNKNOWN_LEADER_EPOCH;
    return this.state.kind === 'leader' ? ErrorCode.NONE : ErrorCode.NOT_LEADER_OR_FOLLOWER;
  }

  private respond(
    context: RequestContext,
    body: {
      errorCode?: ErrorCode;
      divergingEpoch?: { epoch: number; endOffset: number };
      records?: Uint8Array;
    },
  ): void {
    const response: FetchResponse = fetchResponse({
      responses: [
        {
          topic: METADATA_TOPIC,
          topicId: METADATA_TOPIC_ID,
          partitions: [
            partitionData({
              partitionIndex: METADATA_PARTITION,
              highWatermark: this.highWatermark,
              logStartOffset: this.log.log.logStartOffset,
              currentLeader: { leaderId: this.leaderId, leaderEpoch: this.epoch },
              records: EMPTY,
              ...body,
            }),
          ],
        },
      ],
    });
    context.respond(response);
  }

  /** The quorum as DescribeQuorum tells it; null when this node does not lead. */
  describe(): LeaderState | null {
    return this.state.kind === 'leader' ? this.state.leader : null;
  }
}

const EMPTY = new Uint8Array(0);
