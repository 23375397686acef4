/**
 * A replica of the metadata log, voter or observer: the state machine of the quorum, the log, and
 * those on this node who want to know what is committed (Kafka: KafkaRaftClient). A controller
 * serves its handlers on the CONTROLLER listener; a broker only fetches.
 */
import { assert } from '../base/assert.ts';
import { Timer } from '../base/timers.ts';
import type { Address } from '../host.ts';
import { lastOffsetAt } from '../records/batch.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import type { RequestContext } from '../rpc/request-server.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { BeginQuorumEpochRequest } from '../wire/generated/begin-quorum-epoch-request.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import { Elections } from './elections.ts';
import type { EpochState } from './epoch-state.ts';
import { type FetchedLog, Fetcher } from './fetcher.ts';
import type { LeaderState } from './leader-state.ts';
import { Leadership, type LedLog } from './leadership.ts';
import { decodeMetadataBatches, type MetadataBatch } from './metadata-batches.ts';
import { MetadataFetches } from './metadata-fetches.ts';
import type { MetadataLog, MetadataRetention, OffsetAndEpoch } from './metadata-log.ts';
import type { MetadataStorage } from './metadata-storage.ts';
import { PartitionState } from './partition-state.ts';
import { type LocalReplica, Quorum } from './quorum.ts';
import { RaftChannels } from './raft-channels.ts';
import type { RaftTimeouts } from './raft-config.ts';
import { MAX_FETCH_BYTES, RaftMessages } from './raft-messages.ts';
import { decodeSnapshot, encodeSnapshot } from './snapshot-codec.ts';
import { SnapshotFetches } from './snapshot-fetches.ts';
import { VoterChanges } from './voter-changes.ts';
import { addressIn, type VoterSet } from './voter-set.ts';

/** How often old snapshots are looked for (Kafka: RaftMetadataLogCleanerManager). */
const CLEANING_INTERVAL_MS = 60_000;
/** How long a leader that stops waits for a successor (Kafka: KafkaRaftManager.shutdown). */
const SHUTDOWN_LIMIT_MS = 5_000;

export interface QuorumLeader {
  readonly id: number;
  readonly epoch: number;
  readonly address: Address;
}

/** The state up to `id`, in place of everything before. */
export interface LoadedSnapshot {
  readonly id: OffsetAndEpoch;
  readonly records: readonly MetadataRecord[];
}

/** Who on this node follows the metadata log. */
export interface RaftListener {
  /** Committed batches, in the order of the log, none twice; several at once. */
  committed(batches: readonly MetadataBatch[]): void;
  /** Forget everything before: this is the state, and it is committed. */
  snapshotLoaded(snapshot: LoadedSnapshot): void;
  /**
   * Who leads, as far as is known. This node itself is named once everything of earlier epochs
   * was delivered and what it appends will have the epoch told.
   */
  leaderChanged(leader: QuorumLeader | null): void;
}

export interface RaftClientParts {
  readonly runtime: NodeRuntime;
  readonly storage: MetadataStorage;
  readonly local: LocalReplica;
  /** Of `controller.quorum.voters`; empty when the log names them. */
  readonly staticVoters: VoterSet;
  /** `controller.quorum.bootstrap.servers`; empty: the static voters. */
  readonly bootstrapServers: readonly Address[];
  readonly timeouts: RaftTimeouts;
  readonly retention: MetadataRetention;
}

export class RaftClient {
  /** The leader as the listeners were told it. */
  leader: QuorumLeader | null = null;
  readonly voterChanges: VoterChanges;
  private readonly runtime: NodeRuntime;
  private readonly log: MetadataLog;
  private readonly quorum: Quorum;
  private readonly partition: PartitionState;
  private readonly channels: RaftChannels;
  private readonly messages: RaftMessages;
  private readonly elections: Elections;
  private readonly fetcher: Fetcher;
  private readonly fetches: MetadataFetches;
  private readonly snapshotFetches: SnapshotFetches;
  private readonly leadership: Leadership;
  private readonly bootstrapServers: readonly Address[];
  private readonly retention: MetadataRetention;
  private readonly listeners: RaftListener[] = [];
  private readonly cleaning: Timer;
  private readonly shutdownLimit: Timer;
  private onStopped: (() => void) | null = null;
  /** Everything below was ever known to be committed; the listeners have it. */
  private deliveredTo = 0;
  private hasDelivered = false;

  constructor(parts: RaftClientParts) {
    const { runtime, local, timeouts } = parts;
    const { log, stateFile } = parts.storage;
    this.runtime = runtime;
    this.log = log;
    this.bootstrapServers = parts.bootstrapServers;
    this.retention = parts.retention;
    this.partition = new PartitionState(parts.staticVoters);
    this.channels = new RaftChannels(runtime, local.key.id, timeouts);
    const { partition, channels } = this;
    const entered = (before: EpochState): void => this.entered(before);
    this.quorum = new Quorum({ runtime, local, log, stateFile, partition, timeouts, entered });
    const { quorum } = this;
    this.messages = new RaftMessages(quorum, log);
    const { messages } = this;
    this.elections = new Elections({ runtime, quorum, log, channels, messages });
    const bootstrap = (): readonly Address[] => this.bootstrap();
    const fetched: FetchedLog = this.fetchedLog();
    const shared = { runtime, quorum, log, channels, messages };
    this.fetcher = new Fetcher({ ...shared, bootstrap, target: fetched });
    const target: LedLog = this.ledLog();
    this.leadership = new Leadership({ ...shared, partition, target });
    const { leadership } = this;
    this.fetches = new MetadataFetches({ runtime, quorum, log, messages, watcher: leadership });
    this.snapshotFetches = new SnapshotFetches({ quorum, log, messages, watcher: leadership });
    this.voterChanges = new VoterChanges({ runtime, quorum, partition, leadership, channels });
    this.cleaning = new Timer(() => this.clean());
    this.shutdownLimit = new Timer(() => this.stopped());
  }

  // For the node

  get epoch(): number {
    return this.quorum.epoch;
  }
  /** -1 while none is known. */
  get leaderId(): number {
    return this.quorum.leaderId;
  }
  /** This node leads the quorum, whether or not it has committed anything yet. */
  get isLeader(): boolean {
    return this.quorum.state.kind === 'leader';
  }
  /** What is known to be committed; 0 until the leader has been heard. */
  get highWatermark(): number {
    return this.deliveredTo;
  }
  get logEndOffset(): number {
    return this.log.endOffset;
  }
  /** The voters that hold now. */
  get voters(): VoterSet {
    return this.quorum.voters;
  }
  get kraftVersion(): number {
    return this.partition.kraftVersion;
  }
  /** The quorum as its leader sees it; null when this node does not lead. */
  get leading(): LeaderState | null {
    return this.leadership.state;
  }

  /** Why others do not let this node fetch the log; NONE: they do, or did not answer. */
  get refusal(): ErrorCode {
    return this.fetcher.refusal;
  }

  /** Before `start`. */
  register(listener: RaftListener): void {
    this.listeners.push(listener);
  }

  start(): void {
    this.partition.load(this.log);
    if (!this.log.online) return;
    this.fetcher.start();
    this.quorum.start();
    this.runtime.timers.arm(this.cleaning, this.runtime.nowMs + CLEANING_INTERVAL_MS);
  }

  /** Steps down, if it leads others, and is done when another leads or the time is up. */
  stop(done: () => void): void {
    const { quorum, runtime } = this;
    this.onStopped = done;
    quorum.stop();
    if (!this.isLeader || quorum.isOnlyVoter) return this.stopped();
    runtime.timers.arm(this.shutdownLimit, runtime.nowMs + SHUTDOWN_LIMIT_MS);
    quorum.resign();
  }

  private stopped(): void {
    const done = this.onStopped;
    this.onStopped = null;
    this.close();
    done?.();
  }

  /** Stops for good, telling no other node. */
  close(): void {
    const { timers } = this.runtime;
    timers.cancel(this.cleaning);
    timers.cancel(this.shutdownLimit);
    this.quorum.stop();
    this.fetcher.close();
    this.leadership.end();
    this.channels.close();
    if (this.leader === null) return;
    this.leader = null;
    for (const listener of this.listeners) listener.leaderChanged(null);
  }

  private bootstrap(): readonly Address[] {
    if (this.bootstrapServers.length > 0) return this.bootstrapServers;
    const { listener, key } = this.quorum.local;
    return this.voters.voters
      .filter((one) => one.id !== key.id)
      .map((one) => addressIn(one.endpoints, listener))
      .filter((one) => one !== null);
  }

  // Transitions

  private entered(before: EpochState): void {
    const { state } = this.quorum;
    if (before.kind === 'leader') {
      this.leadership.end();
      this.voterChanges.end();
      this.fetches.release();
    }
    this.fetcher.restart();
    if (state.kind === 'leader') this.leadership.begin(state);
    else this.elections.begin();
    this.tellLeader();
    const isReplaced = state.kind === 'follower' || state.epoch > before.epoch;
    if (this.onStopped !== null && before.kind === 'resigned' && isReplaced) this.stopped();
  }

  private tellLeader(): void {
    const { quorum } = this;
    const { state } = quorum;
    const { leaderId, leaderAddress: address, epoch } = quorum;
    const isLocal = leaderId === quorum.local.key.id;
    const isReady = state.kind === 'leader' && state.leader.highWatermark >= 0;
    const isKnown = leaderId >= 0 && address !== null && (!isLocal || isReady);
    const { leader } = this;
    if (!isKnown) {
      if (leader === null) return;
      this.leader = null;
    } else {
      if (leader?.id === leaderId && leader.epoch === epoch) return;
      this.leader = { id: leaderId, epoch, address };
    }
    for (const listener of this.listeners) listener.leaderChanged(this.leader);
  }

  // The log

  private fetchedLog(): FetchedLog {
    const client = this;
    return {
      appended: (batches) => this.appended(batches),
      truncated: () => {
        const { endOffset } = this.log;
        // Below it only where a historic rule acts upon what is not committed.
        this.deliveredTo = Math.min(this.deliveredTo, endOffset);
        if (this.partition.truncated(endOffset)) this.votersChanged();
      },
      replaced: (snapshot, lastContainedOffset) => {
        this.partition.replaceBy(snapshot, lastContainedOffset);
        this.votersChanged();
      },
      committedTo: (highWatermark) => this.committedTo(highWatermark),
      get highWatermark() {
        return client.deliveredTo;
      },
    };
  }

  private ledLog(): LedLog {
    return {
      appended: (batch) => {
        this.appended(batch);
        this.fetches.appended();
      },
      committedTo: (highWatermark) => {
        this.committedTo(highWatermark);
        this.tellLeader();
        this.voterChanges.committedTo(highWatermark);
        this.fetches.answerAll();
      },
    };
  }

  private appended(batches: Uint8Array): void {
    if (this.partition.appended(batches)) this.votersChanged();
  }

  private votersChanged(): void {
    this.quorum.votersChanged();
    this.leadership.votersChanged();
  }

  private committedTo(highWatermark: number): void {
    const { log } = this;
    log.updateHighWatermark(highWatermark);
    if (highWatermark <= this.deliveredTo) return;
    const from = this.deliveredTo;
    const snapshot = this.snapshotFor(from);
    const begin = snapshot?.id.offset ?? from;
    const batches = this.batchesBetween(begin, highWatermark);
    const end = (batches.at(-1)?.lastOffset ?? begin - 1) + 1;
    if (!log.online || end <= from) return;
    this.hasDelivered = true;
    this.deliveredTo = end;
    const { trace } = this.runtime.host;
    trace.emit('quorum.committed', end, this.epoch, this.role);
    for (const listener of this.listeners) {
      if (snapshot !== null) listener.snapshotLoaded(snapshot);
      if (batches.length > 0) listener.committed(batches);
    }
  }

  private get role(): string {
    if (this.isLeader) return 'leader';
    return this.quorum.isVoter ? 'follower' : 'observer';
  }

  /** The snapshot to begin with, for who has everything below `offset`; null: none is needed. */
  private snapshotFor(offset: number): LoadedSnapshot | null {
    const id = this.log.latestSnapshotId();
    if (id === null || (this.hasDelivered && offset >= this.log.startOffset)) return null;
    const bytes = this.log.snapshotBytes(id);
    return bytes === null ? null : { id, records: decodeSnapshot(bytes) };
  }

  /**
   * Committed batches from `offset` on, up to and below `endOffset`. A quorum that lost what it had
   * committed counts anew: a node that kept its log may have a batch that reaches across that end.
   * As in Kafka, it is delivered when all of it counts as committed.
   */
  private batchesBetween(offset: number, endOffset: number): MetadataBatch[] {
    const batches: MetadataBatch[] = [];
    let next = offset;
    while (next < endOffset && this.log.online) {
      const bytes = this.log.read(next, MAX_FETCH_BYTES, 'high_watermark');
      const some = decodeMetadataBatches(bytes, endOffset);
      const last = some[some.length - 1];
      if (!this.log.online) break;
      if (last === undefined) {
        assert(this.reachesTo(next, endOffset), `no metadata batch at offset ${next}`);
        break;
      }
      for (const batch of some) batches.push(batch);
      next = last.lastOffset + 1;
    }
    return batches;
  }

  private reachesTo(offset: number, endOffset: number): boolean {
    const bytes = this.log.read(offset, 1, 'log_end');
    return !this.log.online || (bytes.length > 0 && lastOffsetAt(bytes, 0) >= endOffset);
  }

  /** Everything that is known to be committed, for one who has to begin anew. */
  redeliver(listener: RaftListener): void {
    const id = this.log.latestSnapshotId();
    const isUsable = id !== null && id.offset <= this.deliveredTo;
    const bytes = isUsable ? this.log.snapshotBytes(id) : null;
    if (id !== null && bytes !== null) {
      listener.snapshotLoaded({ id, records: decodeSnapshot(bytes) });
    }
    const from = bytes !== null && id !== null ? id.offset : this.log.startOffset;
    const batches = this.batchesBetween(from, this.deliveredTo);
    if (batches.length > 0 && this.log.online) listener.committed(batches);
  }

  // Writing, by the leader

  /** The offset of the next record appended; only of a leader that the listeners were told of. */
  get nextOffset(): number {
    return this.leadership.nextOffset;
  }

  /** Takes records for one batch. @returns the offset of the last. */
  append(records: readonly MetadataRecord[]): number {
    return this.leadership.append(records);
  }

  /**
   * Makes static voters dynamic (KIP-853; KAFKA-16538): kraft.version rises from 0 to 1.
   * @returns why not; null: what is written says so, and what is appended next comes behind it.
   */
  upgradeKRaftVersion(level: number, validateOnly: boolean): string | null {
    if (level === this.kraftVersion) return null;
    if (level < this.kraftVersion) return 'The kraft.version cannot be lowered.';
    return this.leadership.upgradeVoters(validateOnly);
  }

  // Snapshots

  /**
   * Writes a snapshot of the state up to and including `lastContained`, which must be committed.
   * One that is there, or behind the log's start, is not written again.
   */
  createSnapshot(
    lastContained: {
      readonly offset: number;
      readonly epoch: number;
      readonly timestampMs: number;
    },
    records: readonly MetadataRecord[],
  ): void {
    const { log, partition } = this;
    const id = { offset: lastContained.offset + 1, epoch: lastContained.epoch };
    if (id.offset <= log.startOffset || log.snapshots.has(id)) return;
    assert(id.offset <= this.deliveredTo, 'a snapshot of what is not committed');
    const bytes = encodeSnapshot({
      id,
      lastContainedTimestampMs: lastContained.timestampMs,
      kraftVersion: partition.kraftVersionAt(lastContained.offset),
      voters: partition.votersAt(lastContained.offset),
      records,
    });
    log.snapshots.write(id, bytes, () => {
      partition.forgetBefore(id.offset);
      this.runtime.host.trace.emit('metadata.snapshot', id.offset, id.epoch, bytes.length);
    });
  }

  private clean(): void {
    this.log.clean(this.retention, this.runtime.host.clock.wallMs());
    this.runtime.timers.arm(this.cleaning, this.runtime.nowMs + CLEANING_INTERVAL_MS);
  }

  // Requests

  handleFetch: MetadataFetches['handle'] = (context, request) =>
    this.fetches.handle(context, request);

  handleFetchSnapshot: SnapshotFetches['handle'] = (context, request) =>
    this.snapshotFetches.handle(context, request);

  handleVote: Elections['handleVote'] = (context, request) =>
    this.elections.handleVote(context, request);

  handleEndQuorumEpoch: Elections['handleEndQuorumEpoch'] = (context, request) =>
    this.elections.handleEndQuorumEpoch(context, request);

  handleBeginQuorumEpoch(context: RequestContext, request: BeginQuorumEpochRequest): void {
    const { quorum, messages } = this;
    const partition = messages.onlyPartition(request);
    if (partition === null) {
      context.respond(messages.refusal(request.clusterId));
      return;
    }
    const { leaderEpoch, leaderId, voterDirectoryId } = partition;
    let error = quorum.voterRequestProblem(leaderEpoch, leaderId);
    if (error === ErrorCode.NONE) {
      const address = addressIn(request.leaderEndpoints, quorum.local.listener);
      quorum.heardLeader(leaderEpoch, leaderId, address);
      if (!quorum.isMeant(request.voterId, voterDirectoryId)) error = ErrorCode.INVALID_VOTER_KEY;
    }
    const response = messages.quorumEpochResponse(error, context.apiVersion);
    quorum.whenDurable(() => context.respond(response));
  }
}
