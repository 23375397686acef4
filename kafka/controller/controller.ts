/**
 * The active controller: a state machine over the metadata log (Kafka: QuorumController). Every
 * operation works out records from the image, which are applied as soon as they are handed to the
 * log; its answer waits until they are committed. An operation that wrote nothing waits for what
 * others wrote before it, so that no answer tells of a change that could still be lost.
 */
import { assert } from '../base/assert.ts';
import { Timer } from '../base/timers.ts';
import type { BrokerConfig } from '../config/broker.ts';
import type { Crypto, RandomStream } from '../host.ts';
import { applyBatch, applySnapshot } from '../metadata/apply-batch.ts';
import { applyRecord } from '../metadata/apply-record.ts';
import {
  ELIGIBLE_LEADER_REPLICAS,
  METADATA_VERSION,
  METADATA_VERSION_LEVEL,
} from '../metadata/features.ts';
import { MetadataImage } from '../metadata/image.ts';
import { fits, unfitReason } from '../metadata/unfit.ts';
import type { MetadataBatch } from '../raft/metadata-batches.ts';
import type { LoadedSnapshot, QuorumLeader, RaftListener } from '../raft/raft-client.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { createAuthorizer, type StandardAuthorizer } from '../security/authorizer.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { AllocateProducerIdsRequest } from '../wire/generated/allocate-producer-ids-request.ts';
import {
  type AllocateProducerIdsResponse,
  allocateProducerIdsResponse,
} from '../wire/generated/allocate-producer-ids-response.ts';
import type { AlterPartitionRequest } from '../wire/generated/alter-partition-request.ts';
import type { AlterPartitionResponse } from '../wire/generated/alter-partition-response.ts';
import type { BrokerHeartbeatRequest } from '../wire/generated/broker-heartbeat-request.ts';
import type { BrokerHeartbeatResponse } from '../wire/generated/broker-heartbeat-response.ts';
import type { BrokerRegistrationRequest } from '../wire/generated/broker-registration-request.ts';
import type { BrokerRegistrationResponse } from '../wire/generated/broker-registration-response.ts';
import { type MetadataRecord, metadataRecord } from '../wire/metadata-records.ts';
import { alterPartition } from './alter-partition.ts';
import { BrokerSessions } from './broker-sessions.ts';
import { ClusterControl } from './cluster-control.ts';
import { CommittedEvents } from './committed-events.ts';
import { ConfigControl } from './config-control.ts';
import type { ControllerResult } from './controller-result.ts';
import { ReplicaAssignments } from './replica-assignments.ts';
import { MAX_ELECTIONS_PER_PASS, ReplicationControl } from './replication-control.ts';
import { initialScramRecords } from './scram-control.ts';
import { TopicControl } from './topic-control.ts';

const PRODUCER_ID_BLOCK_SIZE = 1000;
/** Wait after a pass that could not do everything (Kafka: PeriodicTaskControlManager). */
const NEXT_PASS_MS = 10;
/** How many of the newest batches a leader tells again that did not know what was committed. */
const BATCHES_TOLD_AGAIN = 2;

interface Owed {
  /** Answered once this offset is committed. */
  readonly offset: number;
  /** @param committed false: this controller is active no more, and nobody can say. */
  readonly answer: (committed: boolean) => void;
}

/** The metadata log as its leader has it (a RaftClient). */
export interface ControllerLog {
  /** The offset of the next record appended. */
  readonly nextOffset: number;
  readonly highWatermark: number;
  /** This node leads the quorum, whether or not it has said so yet. */
  readonly isLeader: boolean;
  /** Takes records for one batch. @returns the offset of the last. */
  append(records: readonly MetadataRecord[]): number;
  /** Everything that is committed, from the beginning. */
  redeliver(listener: RaftListener): void;
  /** @returns why not; null: it is written. */
  upgradeKRaftVersion(level: number, validateOnly: boolean): string | null;
}

/** null: this controller lost the lead before it was committed; whether it will be is not known. */
export type Answer<Response> = (response: Response | null) => void;

export class Controller implements RaftListener {
  /** What is written, committed or not. */
  readonly image = new MetadataImage();
  readonly replication: ReplicationControl;
  readonly cluster: ClusterControl;
  readonly topics: TopicControl;
  readonly configs: ConfigControl;
  readonly assignments: ReplicaAssignments;
  /** null: everybody may do everything. */
  readonly authorizer: StandardAuthorizer | null;
  private readonly sessions: BrokerSessions;
  private readonly runtime: NodeRuntime;
  readonly node: BrokerConfig;
  private readonly events: CommittedEvents;
  private raft: ControllerLog | null = null;
  private activeEpoch = -1;
  /** By ascending offset. */
  private owed: Owed[] = [];
  private readonly staleCheck: Timer;
  private readonly idle: Timer;
  private readonly rebalance: Timer;
  private readonly uncleanElection: Timer;

  constructor(parts: { runtime: NodeRuntime; node: BrokerConfig; clusterId: string }) {
    const { runtime, node, clusterId } = parts;
    const { image } = this;
    this.runtime = runtime;
    this.node = node;
    this.events = new CommittedEvents(runtime.host.trace);
    this.sessions = new BrokerSessions(node.get('broker.session.timeout.ms'));
    this.authorizer = createAuthorizer(node, image.acls);
    this.configs = new ConfigControl(image, node);
    this.replication = new ReplicationControl(image, this.configs, runtime.rules);
    this.cluster = new ClusterControl({
      image,
      clusterId,
      replication: this.replication,
      sessions: this.sessions,
    });
    const placement = runtime.host.random.stream('replica-placement');
    this.assignments = new ReplicaAssignments(image, this.sessions, placement);
    this.topics = new TopicControl({
      image,
      node,
      configs: this.configs,
      assignments: this.assignments,
      topicIds: runtime.host.random.stream('topic-id'),
    });
    this.staleCheck = new Timer(() => this.fenceStaleBrokers());
    this.idle = new Timer(() => this.writeNoOp());
    this.rebalance = new Timer(() => this.balanceLeaders());
    this.uncleanElection = new Timer(() => this.electUncleanLeaders());
  }

  /** The log that this controller writes to; before anything else. */
  attach(raft: ControllerLog): void {
    this.raft = raft;
  }

  aclIds(): RandomStream {
    return this.runtime.host.random.stream('acl-id');
  }

  get crypto(): Crypto {
    return this.runtime.host.crypto;
  }

  get active(): boolean {
    return this.activeEpoch >= 0;
  }

  /** See ControllerLog. */
  upgradeKRaftVersion(level: number, validateOnly: boolean): string | null {
    return this.log().upgradeKRaftVersion(level, validateOnly);
  }

  private log(): ControllerLog {
    assert(this.raft !== null, 'the controller has no log');
    return this.raft;
  }

  leaderChanged(leader: QuorumLeader | null): void {
    if (leader?.id === this.node.get('node.id')) this.activate(leader.epoch);
    else if (this.active) this.renounce();
  }

  private activate(epoch: number): void {
    const raft = this.log();
    const { image } = this;
    // A log on a disk that lies may end before what was committed.
    this.haltUnlessFit(() => {
      fits(raft.nextOffset > image.offset, `it ends at ${raft.nextOffset}, before ${image.offset}`);
    });
    if (raft.nextOffset <= image.offset) return;
    this.activeEpoch = epoch;
    const nowMs = this.runtime.nowMs;
    this.sessions.restart(this.image.brokers.values(), nowMs);
    this.runtime.host.trace.emit('controller.activated', epoch, raft.highWatermark);
    if (this.image.features.size === 0) this.write(this.bootstrapRecords(), 'bootstrap');
    this.armStaleCheck();
    this.armNoOp();
    this.armUncleanElection();
    this.armRebalance();
  }

  /** Others decide now: goes back to what is committed; what was not may yet be, or never. */
  private renounce(): void {
    const { timers, host } = this.runtime;
    const epoch = this.activeEpoch;
    this.activeEpoch = -1;
    for (const timer of [this.staleCheck, this.idle, this.rebalance, this.uncleanElection]) {
      timers.cancel(timer);
    }
    host.trace.emit('controller.resigned', epoch, this.events.waitingCount);
    const { owed } = this;
    this.owed = [];
    this.events.forget();
    this.image.clear();
    this.log().redeliver(this);
    for (const { answer } of owed) answer(false);
  }

  snapshotLoaded(snapshot: LoadedSnapshot): void {
    this.haltUnlessFit(() => applySnapshot(this.image, snapshot));
  }

  committed(batches: readonly MetadataBatch[]): void {
    this.haltUnlessFit(() => this.applyCommitted(batches));
  }

  private haltUnlessFit(apply: () => void): void {
    const reason = unfitReason(apply);
    if (reason !== null) this.runtime.host.halt(reason);
  }

  private applyCommitted(batches: readonly MetadataBatch[]): void {
    const last = batches[batches.length - 1] as MetadataBatch;
    if (this.active) return this.committedTo(last.lastOffset + 1);
    // What a follower hears is committed its leader has told. What a new leader finds committed
    // nobody may have told; without any knowledge of before, only the newest can be meant.
    const knew = this.image.offset >= 0;
    if (!this.log().isLeader) {
      for (const batch of batches) applyBatch(this.image, batch, null);
      return;
    }
    const newest: number[] = [];
    for (const batch of batches) {
      this.replay(batch);
      if (batch.records.length > 0) newest.push(batch.baseOffset);
    }
    const first = newest[newest.length - BATCHES_TOLD_AGAIN];
    if (!knew && first !== undefined) this.events.skipTo(first);
    this.events.committedTo(last.lastOffset + 1);
  }

  private replay(batch: MetadataBatch): void {
    let offset = batch.baseOffset;
    for (const record of batch.records) this.apply(record, offset++, 'replayed');
    this.image.offset = batch.lastOffset;
    this.image.epoch = batch.epoch;
  }

  /** What `kafka-storage format` would have left for a new cluster to begin with. */
  private bootstrapRecords(): MetadataRecord[] {
    const elr = this.node.get('feature.eligible.leader.replicas.version');
    const records = [featureLevel(METADATA_VERSION, METADATA_VERSION_LEVEL)];
    if (elr > 0) {
      records.push(featureLevel(ELIGIBLE_LEADER_REPLICAS, elr));
      records.push(this.configs.clusterMinIsrRecord());
    }
    const credentials = this.node.get('initial.scram.credentials');
    const salts = (): RandomStream => this.runtime.host.random.stream('scram-salt');
    records.push(...initialScramRecords(credentials, this.crypto, salts));
    return records;
  }

  private apply(record: MetadataRecord, offset: number, why: string): void {
    const replaced = this.events.before(this.image, record);
    applyRecord(this.image, record, offset, null);
    this.events.applied(this.image, record, { replaced, offset, why });
  }

  /** Applies records and hands them to the log. @returns the offset of the last. */
  private write(records: readonly MetadataRecord[], why: string): number {
    const raft = this.log();
    let offset = raft.nextOffset;
    for (const record of records) this.apply(record, offset++, why);
    this.image.epoch = this.activeEpoch;
    return raft.append(records);
  }

  private run<Response>(
    result: ControllerResult<Response>,
    answer: Answer<Response>,
  ): number | null {
    const { records, response, why } = result;
    if (records.length > 0) {
      const offset = this.write(records, why);
      this.owe(offset, response, answer);
      return offset;
    }
    const last = this.owed[this.owed.length - 1];
    if (last === undefined) answer(response);
    else this.owe(last.offset, response, answer);
    return null;
  }

  private owe<Response>(offset: number, response: Response, answer: Answer<Response>): void {
    this.owed.push({ offset, answer: (committed) => answer(committed ? response : null) });
  }

  private committedTo(highWatermark: number): void {
    this.events.committedTo(highWatermark);
    let count = 0;
    while (count < this.owed.length && (this.owed[count] as Owed).offset < highWatermark) count++;
    if (count === 0) return;
    const due = this.owed.slice(0, count);
    this.owed = this.owed.slice(count);
    for (const { answer } of due) answer(true);
  }

  registerBroker(
    request: BrokerRegistrationRequest,
    answer: Answer<BrokerRegistrationResponse>,
  ): void {
    const at = { nextOffset: this.log().nextOffset, nowMs: this.runtime.nowMs };
    this.run(this.cluster.register(request, at), answer);
    this.armStaleCheck();
  }

  heartbeat(request: BrokerHeartbeatRequest, answer: Answer<BrokerHeartbeatResponse>): void {
    const { nowMs } = this.runtime;
    const result = this.cluster.heartbeat(request, nowMs);
    const offset = this.run(result, answer);
    const broker = this.image.brokers.get(request.brokerId);
    if (broker?.inControlledShutdown && this.sessions.state(broker.id) === 'unfenced') {
      const endOffset = offset ?? this.log().nextOffset - 1;
      this.sessions.controlledShutdownBegan(broker.id, endOffset);
    }
    this.armStaleCheck();
  }

  alterPartition(
    request: AlterPartitionRequest,
    apiVersion: number,
    answer: Answer<AlterPartitionResponse>,
  ): void {
    this.run(alterPartition(this.image, this.replication, request, apiVersion), answer);
  }

  /** Writes what an operation came to, and answers once that is committed. */
  perform<Response>(result: ControllerResult<Response>, answer: Answer<Response>): void {
    this.run(result, answer);
    this.armStaleCheck();
  }

  /** Blocks are never given out twice, whatever becomes of the answer. */
  allocateProducerIds(
    request: AllocateProducerIdsRequest,
    answer: Answer<AllocateProducerIdsResponse>,
  ): void {
    const { brokerId, brokerEpoch } = request;
    if (this.image.brokers.get(brokerId)?.epoch !== brokerEpoch) {
      const errorCode = ErrorCode.STALE_BROKER_EPOCH;
      const response = allocateProducerIdsResponse({ errorCode });
      this.run({ records: [], response, why: '' }, answer);
      return;
    }
    const producerIdStart = this.image.nextProducerId;
    const nextProducerId = producerIdStart + PRODUCER_ID_BLOCK_SIZE;
    const record = metadataRecord('ProducerIdsRecord', { brokerId, brokerEpoch, nextProducerId });
    const response = allocateProducerIdsResponse({
      producerIdStart,
      producerIdLen: PRODUCER_ID_BLOCK_SIZE,
    });
    this.run({ records: [record], response, why: '' }, answer);
  }

  private fenceStaleBrokers(): void {
    const result = this.cluster.fenceOneStale(this.runtime.nowMs);
    if (result.response !== null) this.run(result, () => {});
    this.armStaleCheck();
  }

  /** Lazily: a session that was renewed meanwhile only moves the next look. */
  private armStaleCheck(): void {
    if (this.staleCheck.armed) return;
    this.runtime.timers.arm(this.staleCheck, this.sessions.nextExpiryMs());
  }

  /** A log that moves tells observers that its leader lives (KIP-835). */
  private writeNoOp(): void {
    this.write([metadataRecord('NoOpRecord', {})], '');
    this.armNoOp();
  }

  private armNoOp(): void {
    const intervalMs = this.node.get('metadata.max.idle.interval.ms');
    if (intervalMs > 0) this.runtime.timers.arm(this.idle, this.runtime.nowMs + intervalMs);
  }

  private balanceLeaders(): void {
    const records = this.replication.balanceLeaders();
    this.run({ records, response: null, why: 'preferred' }, () => {});
    this.armRebalance(records.length);
  }

  /** @param done elections in the pass before: a full pass is followed by the next at once. */
  private armRebalance(done = 0): void {
    if (!this.node.get('auto.leader.rebalance.enable')) return;
    const intervalMs = this.node.get('leader.imbalance.check.interval.seconds') * 1000;
    this.armPass(this.rebalance, done, intervalMs);
  }

  private electUncleanLeaders(): void {
    const records = this.replication.electUncleanLeaders();
    this.run({ records, response: null, why: 'unclean-election' }, () => {});
    this.armUncleanElection(records.length);
  }

  private armUncleanElection(done = 0): void {
    const intervalMs = this.node.get('unclean.leader.election.interval.ms');
    this.armPass(this.uncleanElection, done, intervalMs);
  }

  private armPass(timer: Timer, done: number, intervalMs: number): void {
    const waitMs = done < MAX_ELECTIONS_PER_PASS ? intervalMs : NEXT_PASS_MS;
    this.runtime.timers.arm(timer, this.runtime.nowMs + waitMs);
  }
}

function featureLevel(name: string, level: number): MetadataRecord {
  return metadataRecord('FeatureLevelRecord', { name, featureLevel: level });
}
