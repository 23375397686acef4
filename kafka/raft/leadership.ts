/**
 * Leading the quorum: writing the log, telling the voters who leads, and giving up when a majority
 * is not heard any more (Kafka: pollLeader and the leader's handlers in KafkaRaftClient).
 */
import { assert } from '../base/assert.ts';
import { Timer } from '../base/timers.ts';
import { ZERO_UUID } from '../base/uuid.ts';
import { SMALL_SLAB_BYTES, Writer } from '../base/writer.ts';
import { ControlRecordType, controlBatch } from '../records/control.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { apis } from '../wire/apis.ts';
import {
  encodeLeaderChangeMessage,
  leaderChangeMessage,
} from '../wire/generated/leader-change-message.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import { BatchAccumulator } from './batch-accumulator.ts';
import type { Leader } from './epoch-state.ts';
import type { LeaderState, ReplicaProgress } from './leader-state.ts';
import { MetadataBatchEncoder } from './metadata-batches.ts';
import type { FetchWatcher } from './metadata-fetches.ts';
import type { MetadataLog } from './metadata-log.ts';
import type { PartitionState } from './partition-state.ts';
import type { Quorum } from './quorum.ts';
import type { RaftChannels } from './raft-channels.ts';
import type { RaftMessages } from './raft-messages.ts';
import { voterRecords, votersControlRecord } from './snapshot-codec.ts';
import { VoterSet } from './voter-set.ts';

/** Kafka: LeaderState.CHECK_QUORUM_TIMEOUT_FACTOR */
const CHECK_QUORUM_FACTOR = 1.5;

type ControlRecords = Parameters<typeof controlBatch>[0]['records'];

/** What leading changes, for the client around it. */
export interface LedLog {
  /** A batch was appended. */
  appended(batch: Uint8Array): void;
  /** The high watermark of this epoch has moved. */
  committedTo(highWatermark: number): void;
}

export class Leadership implements FetchWatcher {
  lastTellingOffset = 0;
  private readonly runtime: NodeRuntime;
  private readonly quorum: Quorum;
  private readonly log: MetadataLog;
  private readonly partition: PartitionState;
  private readonly channels: RaftChannels;
  private readonly messages: RaftMessages;
  private readonly target: LedLog;
  private readonly encoder = new MetadataBatchEncoder();
  private readonly announce: Timer;
  private readonly checkQuorum: Timer;
  private accumulator: BatchAccumulator | null = null;

  constructor(parts: {
    runtime: NodeRuntime;
    quorum: Quorum;
    log: MetadataLog;
    partition: PartitionState;
    channels: RaftChannels;
    messages: RaftMessages;
    target: LedLog;
  }) {
    this.runtime = parts.runtime;
    this.quorum = parts.quorum;
    this.log = parts.log;
    this.partition = parts.partition;
    this.channels = parts.channels;
    this.messages = parts.messages;
    this.target = parts.target;
    this.announce = new Timer(() => this.announceToSilent());
    this.checkQuorum = new Timer(() => this.quorum.resign());
  }

  /** Null while this node does not lead. */
  get state(): LeaderState | null {
    const { state } = this.quorum;
    return state.kind === 'leader' ? state.leader : null;
  }

  /** The offset of the next record appended; only of a leader. */
  get nextOffset(): number {
    assert(this.accumulator !== null, 'only a leader appends');
    return this.accumulator.nextOffset;
  }

  get isCommitComing(): boolean {
    const { accumulator, state } = this;
    return accumulator !== null && state !== null && accumulator.nextOffset > state.highWatermark;
  }

  /** Leads from now on; nothing is written or sent before that is durable. */
  begin(leader: Leader): void {
    this.lastTellingOffset = this.log.endOffset;
    this.armCheckQuorum();
    this.quorum.whenDurablyIn(() => {
      this.appendControl(this.epochRecords(leader));
      this.accumulator = new BatchAccumulator({
        runtime: this.runtime,
        lingerMs: this.quorum.timeouts.appendLingerMs,
        nextOffset: this.log.endOffset,
        drained: (records) => this.write(records),
      });
      this.announceToSilent();
    });
  }

  /** Leads no more; records that were not written yet never will be. */
  end(): void {
    this.accumulator?.close();
    this.accumulator = null;
    this.runtime.timers.cancel(this.announce);
    this.runtime.timers.cancel(this.checkQuorum);
  }

  /** What an epoch begins with: who leads it, and the voters if the log does not have them yet. */
  private epochRecords({ grantedBy }: Leader): ControlRecords {
    const { partition, quorum } = this;
    const own = quorum.local.voter;
    const named = (ids: readonly number[]) =>
      ids.map((voterId) => ({ voterId, voterDirectoryId: ZERO_UUID }));
    const message = leaderChangeMessage({
      leaderId: quorum.local.key.id,
      voters: named(quorum.voters.ids),
      grantingVoters: named([...grantedBy].sort((a, b) => a - b)),
    });
    const writer = new Writer(SMALL_SLAB_BYTES);
    writer.begin();
    encodeLeaderChangeMessage(writer, message, 0);
    const records = [{ type: ControlRecordType.LEADER_CHANGE, value: writer.finish() }];
    if (partition.kraftVersion === 0) return records;
    const isInLog = partition.votersOffset >= 0;
    if (isInLog && !partition.voters.needsUpdate(own)) return records;
    const voters = partition.voters.withUpdated(own);
    return [...records, ...voterRecords(partition.kraftVersion, voters)];
  }

  // Writing

  /** Takes records for the log. @returns the offset that the last one has. */
  append(records: readonly MetadataRecord[]): number {
    assert(this.accumulator !== null, 'only a leader appends');
    return this.accumulator.append(records);
  }

  /** Writes another set of voters, which holds from now on. @returns its offset. */
  appendVoters(voters: VoterSet): number {
    assert(this.accumulator !== null, 'only a leader appends');
    this.appendBehindAll(this.accumulator, [votersControlRecord(voters)]);
    return this.log.endOffset - 1;
  }

  /**
   * Writes the present voters with their directories, as kraft.version 1 wants them.
   * @returns why it cannot be done; null: it was, or would have been.
   */
  upgradeVoters(validateOnly: boolean): string | null {
    const { state, accumulator, quorum } = this;
    if (state === null || accumulator === null) return 'This node does not lead the quorum.';
    const own = quorum.local.voter;
    const voters = quorum.voters.voters.map((one) => {
      const directoryId = state.voters.get(one.id)?.seenDirectoryId ?? ZERO_UUID;
      return one.id === own.id ? own : { ...one, directoryId };
    });
    const unknown = voters.find((one) => one.directoryId === ZERO_UUID);
    if (unknown !== undefined) return `The directory of voter ${unknown.id} is not known.`;
    if (validateOnly) return null;
    this.appendBehindAll(accumulator, voterRecords(1, new VoterSet(voters)));
    return null;
  }

  private appendBehindAll(accumulator: BatchAccumulator, records: ControlRecords): void {
    accumulator.drain();
    this.appendControl(records);
    // A log whose disk has failed does not grow: the node is about to halt.
    if (this.log.online) accumulator.skipTo(this.log.endOffset);
  }

  private write(records: readonly MetadataRecord[]): void {
    const batch = this.encoder.encode(records, {
      baseOffset: this.log.endOffset,
      leaderEpoch: this.quorum.epoch,
      timestampMs: this.runtime.host.clock.wallMs(),
    });
    this.appendBatch(
      batch,
      records.some((one) => one.type !== 'NoOpRecord'),
    );
  }

  private appendControl(records: ControlRecords): void {
    const batch = controlBatch({
      records,
      timestampMs: this.runtime.host.clock.wallMs(),
      leaderEpoch: this.quorum.epoch,
    });
    this.appendBatch(batch, true);
  }

  /** Our own end offset counts towards the high watermark once it is flushed (KAFKA-10533). */
  private appendBatch(batch: Uint8Array, isTelling: boolean): void {
    const { epoch } = this.quorum;
    const endOffset = this.log.appendAsLeader(batch, epoch);
    if (endOffset === null) return;
    if (isTelling) this.lastTellingOffset = endOffset;
    this.target.appended(batch);
    this.log.flush(() => {
      const { state, accumulator } = this;
      // A node that stops has ended its leading without being followed by another.
      if (accumulator === null || state?.epoch !== epoch) return;
      if (state.flushedTo(endOffset)) this.advanced();
    });
  }

  advanced(): void {
    const { state } = this;
    if (state !== null) this.target.committedTo(state.highWatermark);
  }

  // The other voters

  heardFrom(replica: ReplicaProgress): void {
    if (this.state?.heardFrom(replica) === true) this.armCheckQuorum();
  }

  private armCheckQuorum(): void {
    if (this.quorum.isOnlyVoter) return this.runtime.timers.cancel(this.checkQuorum);
    const { fetchTimeoutMs } = this.quorum.timeouts;
    const waitMs = Math.floor(fetchTimeoutMs * CHECK_QUORUM_FACTOR);
    this.runtime.timers.arm(this.checkQuorum, this.runtime.nowMs + waitMs);
  }

  /** The voters are others now. */
  votersChanged(): void {
    const { state } = this;
    if (state === null) return;
    if (state.votersChanged(this.quorum.voters)) this.runtime.defer(() => this.advanced());
    if (this.quorum.isOnlyVoter || !this.checkQuorum.armed) this.armCheckQuorum();
    if (this.accumulator !== null) this.announceToSilent();
  }

  /** BeginQuorumEpoch to every voter that has not fetched for a while (or not in this epoch). */
  private announceToSilent(): void {
    const { state, runtime, quorum } = this;
    if (state === null) return;
    const intervalMs = quorum.timeouts.fetchTimeoutMs >> 1;
    for (const { id, directoryId } of state.silentVoters(runtime.nowMs - intervalMs)) {
      const address = quorum.voters.addressOf(id, quorum.local.listener);
      if (address === null) continue;
      const request = this.messages.beginQuorumEpochRequest({ id, directoryId });
      this.channels.send(address, apis.BeginQuorumEpoch, request, (response) => {
        const partition = response?.topics[0]?.partitions[0];
        if (response === null || partition === undefined) return;
        quorum.accepts(this.messages.noticeOf(partition, response.nodeEndpoints));
      });
    }
    if (!quorum.isOnlyVoter) runtime.timers.arm(this.announce, runtime.nowMs + intervalMs);
  }
}
