/**
 * Fetching the metadata log from the leader, as a voter that follows or as an observer (Kafka: the
 * Fetch and FetchSnapshot parts of KafkaRaftClient). What is fetched is appended; what the leader
 * does not have is cut; what it has no more comes as a snapshot. A voter has flushed everything
 * before it fetches further, for its fetch offset is its acknowledgement (KAFKA-10533).
 */
import { Timer } from '../base/timers.ts';
import type { Address } from '../host.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { FetchResponse, PartitionData } from '../wire/generated/fetch-response.ts';
import type { MetadataLog } from './metadata-log.ts';
import type { Quorum } from './quorum.ts';
import type { RaftChannels } from './raft-channels.ts';
import type { RaftMessages } from './raft-messages.ts';
import { SnapshotDownload } from './snapshot-download.ts';

/** What fetching changes, for the client around it. */
export interface FetchedLog {
  /** Batches were appended. */
  appended(batches: Uint8Array): void;
  /** The log was cut at its present end. */
  truncated(): void;
  /** A snapshot has taken the place of the whole log. */
  replaced(snapshot: Uint8Array, lastContainedOffset: number): void;
  /** The leader says that everything below is committed. */
  committedTo(highWatermark: number): void;
  /** Everything below was ever known to be committed. */
  readonly highWatermark: number;
}

export class Fetcher {
  private readonly runtime: NodeRuntime;
  private readonly quorum: Quorum;
  private readonly log: MetadataLog;
  private readonly channels: RaftChannels;
  private readonly messages: RaftMessages;
  private readonly bootstrap: () => readonly Address[];
  private readonly target: FetchedLog;
  private readonly retry: Timer;
  private download: SnapshotDownload | null = null;
  /** Counts what is under way: an answer to an older one is not waited for any more. */
  private flight = 0;
  private inFlight = false;
  /** Of the last answer as a whole; NONE when what was fetched came with it. */
  refusal: ErrorCode = ErrorCode.NONE;
  /** Something appended is not durable yet, and this replica vouches for what it has. */
  private flushing = false;
  private pumping = false;
  /** The leader could not be reached: the next fetch asks anybody who leads now. */
  private asksAnybody = false;
  private closed = false;
  private updateAtMs = 0;

  constructor(parts: {
    runtime: NodeRuntime;
    quorum: Quorum;
    log: MetadataLog;
    channels: RaftChannels;
    messages: RaftMessages;
    /** Whoever may know the leader. */
    bootstrap: () => readonly Address[];
    target: FetchedLog;
  }) {
    this.runtime = parts.runtime;
    this.quorum = parts.quorum;
    this.log = parts.log;
    this.channels = parts.channels;
    this.messages = parts.messages;
    this.bootstrap = parts.bootstrap;
    this.target = parts.target;
    this.retry = new Timer(() => this.pump());
  }

  /** What an earlier process left in the page cache must be durable before we vouch for it. */
  start(): void {
    if (this.quorum.local.canVote) this.flush();
  }

  /** Another state was entered: what is under way was for the one before. */
  restart(): void {
    this.flight += 1;
    this.inFlight = false;
    this.asksAnybody = false;
    this.download = null;
    this.updateAtMs = this.runtime.nowMs + this.quorum.timeouts.fetchTimeoutMs;
    this.runtime.timers.cancel(this.retry);
    this.pumpLater();
  }

  close(): void {
    this.closed = true;
    this.runtime.timers.cancel(this.retry);
  }

  /** At the end of the step, when everything that came with this input is taken in. */
  private pumpLater(): void {
    if (this.pumping) return;
    this.pumping = true;
    this.runtime.defer(() => {
      this.pumping = false;
      this.pump();
    });
  }

  private pumpAgain(): void {
    const { runtime, quorum } = this;
    runtime.timers.arm(this.retry, runtime.nowMs + quorum.timeouts.retryBackoffMs);
  }

  private pump(): void {
    if (this.closed || this.inFlight || this.flushing || this.retry.armed || !this.log.online)
      return;
    const { kind } = this.quorum.state;
    if (kind !== 'follower' && kind !== 'unattached') return;
    this.inFlight = true;
    this.flight += 1;
    const { flight } = this;
    this.quorum.whenDurable(() => {
      if (this.flight === flight) this.send(flight);
    });
  }

  private send(flight: number): void {
    const address = this.destination();
    if (address === null) return this.failed();
    if (this.download !== null) return this.fetchSnapshot(address, this.download, flight);
    if (this.isUpdateDue()) return this.updateVoter(address, flight);
    this.channels.send(address, apis.Fetch, this.messages.fetchRequest(), (response) => {
      if (this.flight === flight) this.answered(response);
    });
  }

  /** The log says of this voter what is not so (KIP-853); looked at once per fetch time-out. */
  private isUpdateDue(): boolean {
    const { quorum, runtime } = this;
    if (quorum.state.kind !== 'follower' || runtime.nowMs < this.updateAtMs) return false;
    this.updateAtMs = runtime.nowMs + quorum.timeouts.fetchTimeoutMs;
    return quorum.isOutOfDate;
  }

  private updateVoter(address: Address, flight: number): void {
    const { quorum, messages } = this;
    const request = messages.updateVoterRequest();
    this.channels.send(address, apis.UpdateRaftVoter, request, (response) => {
      if (this.flight !== flight) return;
      if (response === null) return this.failed();
      this.inFlight = false;
      const { errorCode, currentLeader } = response;
      const { host, port } = currentLeader;
      const leaderAddress = host === '' ? null : { host, port };
      const { leaderId, leaderEpoch: epoch } = currentLeader;
      quorum.accepts({ error: errorCode, epoch, leaderId, leaderAddress });
      this.pumpLater();
    });
  }

  private destination(): Address | null {
    const { state } = this.quorum;
    if (state.kind === 'follower' && !this.asksAnybody) return state.leaderAddress;
    const known = this.bootstrap();
    this.asksAnybody = false;
    if (known.length === 0) return null;
    const random = this.runtime.host.random.stream('raft-bootstrap');
    return known[random.int(0, known.length - 1)] as Address;
  }

  private failed(): void {
    this.inFlight = false;
    // A voter waits for its leader or an election; observers find out where everybody went.
    this.asksAnybody = !this.quorum.isVoter && this.bootstrap().length > 1;
    this.download = null;
    this.pumpAgain();
  }

  private answered(response: FetchResponse | null): void {
    const { quorum, messages } = this;
    const partition =
      response?.errorCode === ErrorCode.NONE ? response.responses[0]?.partitions[0] : undefined;
    if (response !== null) this.refusal = response.errorCode;
    if (response === null || partition === undefined) return this.failed();
    this.inFlight = false;
    const { term } = quorum;
    const { errorCode, currentLeader } = partition;
    const notice = messages.noticeOf({ errorCode, ...currentLeader }, response.nodeEndpoints);
    const isOfUse = quorum.accepts(notice);
    if (!isOfUse || errorCode !== ErrorCode.NONE || quorum.state.kind !== 'follower') {
      // Another state has already begun anew.
      if (quorum.term === term) this.pumpAgain();
      return;
    }
    if (!this.apply(partition)) return this.pumpAgain();
    quorum.fetched();
    this.pumpLater();
  }

  /** @returns false when what came could not be appended. */
  private apply(partition: PartitionData): boolean {
    const { divergingEpoch, snapshotId, records, highWatermark } = partition;
    const { log, target } = this;
    if (divergingEpoch.epoch >= 0) {
      const { epoch, endOffset } = divergingEpoch;
      return this.truncate({ offset: endOffset, epoch });
    }
    if (snapshotId.endOffset >= 0 && snapshotId.epoch >= 0) {
      const id = { offset: snapshotId.endOffset, epoch: snapshotId.epoch };
      this.download = new SnapshotDownload(id);
      return true;
    }
    if (records !== null && records.length > 0) {
      if (!log.appendAsFollower(records, this.quorum.epoch)) return false;
      target.appended(records);
      if (this.quorum.local.canVote) this.flushAppended();
    }
    if (highWatermark >= 0) target.committedTo(this.mayActUpTo(highWatermark));
    return true;
  }

  private truncate(end: { offset: number; epoch: number }): boolean {
    const { log, target, runtime } = this;
    if (end.offset < target.highWatermark && !this.takesNothingBack) {
      // Kafka stops here, too (KAFKA-12460): the quorum has lost what it had committed.
      runtime.host.halt(`asked to cut the metadata log at ${end.offset}, below its high watermark`);
      return false;
    }
    log.truncateToEndOffset(end);
    target.truncated();
    return log.online;
  }

  /** Who cannot vote acts upon what is published; whether that is committed is for a rule to say. */
  private mayActUpTo(highWatermark: number): number {
    const { log, quorum, runtime } = this;
    const committed = Math.min(highWatermark, log.endOffset);
    if (quorum.local.canVote) return committed;
    return runtime.rules.metadataPublication.actsUpTo(committed, log.endOffset);
  }

  private get takesNothingBack(): boolean {
    return !this.quorum.local.canVote && this.runtime.rules.metadataPublication.mayCut();
  }

  private flushAppended(): void {
    if (this.runtime.rules.raftFlush.waits()) this.flush();
  }

  private flush(): void {
    this.flushing = true;
    this.log.flush(() => {
      this.flushing = false;
      this.pumpLater();
    });
  }

  // Snapshots

  private fetchSnapshot(address: Address, download: SnapshotDownload, flight: number): void {
    const { quorum, messages } = this;
    const request = download.request(quorum);
    this.channels.send(address, apis.FetchSnapshot, request, (response) => {
      if (this.flight !== flight) return;
      const partition =
        response?.errorCode === ErrorCode.NONE ? response.topics[0]?.partitions[0] : undefined;
      if (response === null || partition === undefined) return this.failed();
      this.inFlight = false;
      const { term } = quorum;
      const { errorCode, currentLeader } = partition;
      const notice = messages.noticeOf({ errorCode, ...currentLeader }, response.nodeEndpoints);
      if (!quorum.accepts(notice)) {
        if (quorum.term === term) this.pumpAgain();
        return;
      }
      quorum.fetched();
      const outcome = download.received(partition);
      if (outcome === 'gone') this.download = null;
      if (outcome === 'whole') this.install(download);
      else this.pumpLater();
    });
  }

  /** Everything is there: it becomes durable, and the log begins again behind it. */
  private install(download: SnapshotDownload): void {
    const { log, target } = this;
    this.download = null;
    this.flushing = true;
    const { id, bytes } = download;
    log.snapshots.write(id, bytes, () => {
      this.flushing = false;
      this.pumpLater();
      if (!log.truncateToLatestSnapshot()) return;
      const snapshot = log.snapshotBytes(id);
      if (snapshot === null) return;
      target.replaced(snapshot, id.offset - 1);
      target.committedTo(id.offset);
      if (this.quorum.local.canVote) this.flush();
    });
  }
}
