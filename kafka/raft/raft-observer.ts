/**
 * A replica of the metadata log that does not vote: every broker has one (Kafka: KafkaRaftClient
 * as observer). It fetches from the leader into a log of its own, cuts what the leader does not
 * have, and hands committed batches on in order. After a restart nothing counts as committed
 * until the leader has told its high watermark.
 */
import { assert } from '../base/assert.ts';
import { Timer } from '../base/timers.ts';
import { METADATA_TOPIC_ID, type Uuid } from '../base/uuid.ts';
import type { Address } from '../host.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { RpcChannel, type RpcReply } from '../rpc/rpc-channel.ts';
import { apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import { type FetchRequest, fetchRequest } from '../wire/generated/fetch-request.ts';
import type { FetchResponse, PartitionData } from '../wire/generated/fetch-response.ts';
import { decodeMetadataBatches, type MetadataBatch } from './metadata-batches.ts';
import { METADATA_PARTITION, METADATA_TOPIC, type MetadataLog } from './metadata-log.ts';
import type { QuorumStateFile } from './quorum-state-file.ts';
import type { Voter } from './voters.ts';

/** How long a leader may hold a fetch back (Kafka: fetchMaxWaitMs). */
const FETCH_MAX_WAIT_MS = 500;
const MAX_FETCH_BYTES = 8_388_608;

export interface RaftListener {
  /** Committed batches, in the order of the log, none twice; several may be merged. */
  committed(batches: readonly MetadataBatch[]): void;
  /** The active controller, as far as is known. */
  leaderChanged(leader: QuorumLeader | null): void;
}

export interface QuorumLeader {
  readonly id: number;
  readonly epoch: number;
  readonly address: Address;
}

type State =
  | { readonly kind: 'unattached'; readonly epoch: number }
  | { readonly kind: 'follower'; readonly epoch: number; readonly leader: QuorumLeader };

export interface ObserverTimeouts {
  /** controller.quorum.request.timeout.ms */
  readonly requestTimeoutMs: number;
  /** controller.quorum.retry.backoff.ms */
  readonly retryBackoffMs: number;
}

export class RaftObserver {
  private readonly runtime: NodeRuntime;
  private readonly log: MetadataLog;
  private readonly stateFile: QuorumStateFile;
  private readonly voters: readonly Voter[];
  private readonly localId: number;
  private readonly directoryId: Uuid;
  private readonly clusterId: string;
  private readonly timeouts: ObserverTimeouts;
  private readonly listener: RaftListener;
  private readonly channels = new Map<number, RpcChannel>();
  private readonly retry: Timer;
  private state: State = { kind: 'unattached', epoch: 0 };
  private fetching = false;
  private closed = false;
  /** The end of what was handed to the listener. */
  private deliveredTo = 0;

  constructor(parts: {
    runtime: NodeRuntime;
    log: MetadataLog;
    stateFile: QuorumStateFile;
    voters: readonly Voter[];
    localId: number;
    directoryId: Uuid;
    clusterId: string;
    timeouts: ObserverTimeouts;
    listener: RaftListener;
  }) {
    this.runtime = parts.runtime;
    this.log = parts.log;
    this.stateFile = parts.stateFile;
    this.voters = parts.voters;
    this.localId = parts.localId;
    this.directoryId = parts.directoryId;
    this.clusterId = parts.clusterId;
    this.timeouts = parts.timeouts;
    this.listener = parts.listener;
    this.retry = new Timer(() => this.fetch());
  }

  get leader(): QuorumLeader | null {
    return this.state.kind === 'follower' ? this.state.leader : null;
  }
  get epoch(): number {
    return this.state.epoch;
  }
  /** What is known to be committed; 0 after a start, until the leader has been heard. */
  get highWatermark(): number {
    return this.deliveredTo;
  }
  get logEndOffset(): number {
    return this.log.endOffset;
  }

  /** Begins to fetch, from the leader remembered or from any voter. */
  start(): void {
    const stored = this.stateFile.read();
    const epoch = Math.max(stored?.leaderEpoch ?? 0, this.log.lastFetchedEpoch);
    this.state = { kind: 'unattached', epoch };
    if (stored !== null && stored.leaderEpoch === epoch) this.follow(epoch, stored.leaderId);
    this.fetch();
  }

  /** Stops for good. */
  close(): void {
    this.closed = true;
    this.runtime.timers.cancel(this.retry);
    for (const channel of this.channels.values()) channel.close();
    this.channels.clear();
  }

  private fetch(): void {
    if (this.closed || this.fetching) return;
    this.fetching = true;
    const epoch = this.state.epoch;
    this.channelTo(this.target()).send(
      apis.Fetch,
      this.request(),
      (reply) => {
        this.fetching = false;
        this.replied(reply, epoch);
      },
      { timeoutMs: this.timeouts.requestTimeoutMs },
    );
  }

  private target(): Voter {
    const { state, voters } = this;
    const leader =
      state.kind === 'follower' ? voters.find((one) => one.id === state.leader.id) : undefined;
    if (leader !== undefined) return leader;
    const random = this.runtime.host.random.stream('raft-bootstrap');
    return voters[random.int(0, voters.length - 1)] as Voter;
  }

  private channelTo(voter: Voter): RpcChannel {
    let channel = this.channels.get(voter.id);
    if (channel === undefined) {
      channel = new RpcChannel({
        runtime: this.runtime,
        address: voter.address,
        clientId: `raft-client-${this.localId}`,
        negotiate: false,
        requestTimeoutMs: this.timeouts.requestTimeoutMs,
        connectionSetupTimeoutMs: this.timeouts.requestTimeoutMs,
        // As KafkaRaftManager builds its client: the retry back-off serves for connections too.
        reconnectBackoffMs: this.timeouts.retryBackoffMs,
        reconnectBackoffMaxMs: RECONNECT_BACKOFF_MAX_MS,
      });
      this.channels.set(voter.id, channel);
    }
    return channel;
  }

  private request(): FetchRequest {
    const { log } = this;
    return fetchRequest({
      clusterId: this.clusterId,
      replicaState: { replicaId: this.localId, replicaEpoch: -1 },
      maxWaitMs: FETCH_MAX_WAIT_MS,
      minBytes: 0,
      maxBytes: MAX_FETCH_BYTES,
      topics: [
        {
          topic: METADATA_TOPIC,
          topicId: METADATA_TOPIC_ID,
          partitions: [
            {
              partition: METADATA_PARTITION,
              currentLeaderEpoch: this.state.epoch,
              fetchOffset: log.endOffset,
              lastFetchedEpoch: log.lastFetchedEpoch,
              logStartOffset: -1,
              partitionMaxBytes: 0,
              replicaDirectoryId: this.directoryId,
            },
          ],
        },
      ],
    });
  }

  private replied(reply: RpcReply<FetchResponse>, requestEpoch: number): void {
    if (this.closed) return;
    const partition =
      reply.kind === 'response' && reply.body.errorCode === ErrorCode.NONE
        ? reply.body.responses[0]?.partitions[0]
        : undefined;
    if (partition === undefined) {
      // The leader may have moved: any voter can tell.
      if (this.voters.length > 1) this.unattach(this.state.epoch);
      return this.fetchLater();
    }
    const before = this.state;
    const { leaderId, leaderEpoch } = partition.currentLeader;
    if (leaderEpoch > before.epoch || before.kind === 'unattached') {
      if (leaderEpoch >= before.epoch) this.follow(leaderEpoch, leaderId);
    }
    if (partition.errorCode !== ErrorCode.NONE) {
      const learnt = this.state !== before && this.state.kind === 'follower';
      return learnt ? this.fetch() : this.fetchLater();
    }
    if (this.state.epoch === requestEpoch && !this.apply(partition)) return this.fetchLater();
    this.fetch();
  }

  private fetchLater(): void {
    this.runtime.timers.arm(this.retry, this.runtime.nowMs + this.timeouts.retryBackoffMs);
  }

  private unattach(epoch: number): void {
    const hadLeader = this.state.kind === 'follower';
    this.state = { kind: 'unattached', epoch };
    if (hadLeader) this.listener.leaderChanged(null);
  }

  private follow(epoch: number, leaderId: number): void {
    const voter = this.voters.find((one) => one.id === leaderId);
    if (voter === undefined) return this.unattach(epoch);
    const leader: QuorumLeader = { id: leaderId, epoch, address: voter.address };
    this.state = { kind: 'follower', epoch, leader };
    this.stateFile.write({ leaderEpoch: epoch, leaderId, votedId: -1 }, () => {});
    this.listener.leaderChanged(leader);
  }

  /** @returns false when what came could not be appended. */
  private apply(partition: PartitionData): boolean {
    const { divergingEpoch, records, highWatermark } = partition;
    const { log } = this;
    if (divergingEpoch.epoch >= 0) {
      const { epoch, endOffset } = divergingEpoch;
      if (endOffset < this.deliveredTo) {
        // Kafka stops here, too (KAFKA-12460): the quorum has lost what it had committed.
        const { host } = this.runtime;
        host.halt(`asked to cut the metadata log at ${endOffset}, below its high watermark`);
        return false;
      }
      log.truncateToEndOffset({ offset: endOffset, epoch });
      return log.online;
    }
    if (records !== null && records.length > 0) {
      if (!log.appendAsFollower(records, this.state.epoch)) return false;
    }
    if (highWatermark >= 0) {
      log.updateHighWatermark(Math.min(highWatermark, log.endOffset));
      this.deliver(log.highWatermark);
    }
    return true;
  }

  private deliver(highWatermark: number): void {
    if (highWatermark <= this.deliveredTo) return;
    const batches: MetadataBatch[] = [];
    while (this.deliveredTo < highWatermark) {
      const bytes = this.log.read(this.deliveredTo, MAX_FETCH_BYTES, 'high_watermark');
      const next = decodeMetadataBatches(bytes, highWatermark);
      const last = next[next.length - 1];
      if (!this.log.online) return;
      assert(last !== undefined, `no metadata batch at offset ${this.deliveredTo}`);
      for (const batch of next) batches.push(batch);
      this.deliveredTo = last.lastOffset + 1;
    }
    const { trace } = this.runtime.host;
    trace.emit('quorum.committed', this.deliveredTo, this.state.epoch, 'observer');
    this.listener.committed(batches);
  }
}

const RECONNECT_BACKOFF_MAX_MS = 500;
