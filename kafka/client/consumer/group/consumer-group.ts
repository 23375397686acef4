/**
 * A consumer in its group (Kafka: ConsumerCoordinator): what it subscribes to, what it is given and
 * gives up, when it commits by itself. As the leader of a generation it assigns, and joins anew
 * when the topics have other partitions than it assigned.
 */
import { assert } from '../../../base/assert.ts';
import { WireError } from '../../../base/reader.ts';
import { Timer } from '../../../base/timers.ts';
import { ErrorCode } from '../../../wire/errors.ts';
import type { JoinGroupResponseMember } from '../../../wire/generated/join-group-response.ts';
import type { ClientCore } from '../../client-core.ts';
import type { OffsetToCommit, TopicPartition } from '../../commands.ts';
import { type Assignor, type LastAssignment, nameOf } from '../assignors/assignor.ts';
import type { ConsumerSettings, GroupSettings } from '../consumer-settings.ts';
import type { ConsumerError, PartitionState } from '../partition-state.ts';
import { CommittedPositions } from './committed-positions.ts';
import {
  decodeAssignment,
  decodeSubscription,
  encodeAssignment,
  encodeSubscription,
} from './consumer-protocol.ts';
import { CoordinatorLink } from './coordinator-link.ts';
import { type CommitOutcome, GroupCommits } from './group-commits.ts';
import { type Generation, type GroupMember, Membership } from './membership.ts';

/** What the group needs of its consumer. */
export interface GroupHost {
  readonly partitions: readonly PartitionState[];
  readonly isPolling: boolean;
  /** Reads these from now on; of partitions that it reads already the positions stay. */
  setPartitions(partitions: readonly TopicPartition[]): void;
  /** Something that a waiting poll should look at. */
  changed(): void;
}

/** What the application does in its rebalance listener. */
export interface RebalanceListener {
  /** Commits what it was given before partitions are revoked. */
  readonly commitsOnRevoke: boolean;
  /** Wants to hear of an assignment before anything is fetched by it. */
  readonly tells: boolean;
}

/** null without group.id. */
export function createConsumerGroup(
  core: ClientCore,
  settings: ConsumerSettings,
  host: GroupHost,
): ConsumerGroup | null {
  const { group } = settings;
  return group === null ? null : new ConsumerGroup(core, { ...settings, group }, host);
}

const NO_LISTENER: RebalanceListener = { commitsOnRevoke: false, tells: false };

export class ConsumerGroup implements GroupMember {
  readonly link: CoordinatorLink;
  readonly commits: GroupCommits;
  readonly committed: CommittedPositions;
  readonly membership: Membership;
  /** null: the application assigns by hand, or nothing. */
  topics: readonly string[] | null = null;
  /** Has changed, and the application has not heard of it. */
  toldAssignment = true;
  private listener = NO_LISTENER;
  private readonly core: ClientCore;
  private readonly group: GroupSettings;
  private readonly host: GroupHost;
  private lastAssignment: LastAssignment | null = null;
  /** What the leader assigned by; null: it leads no generation. */
  private assignedBy: ReadonlyMap<string, number> | null = null;
  private leads = false;
  /** Of the commit before a join: null before it, then whether it is over. */
  private revokeCommit: 'under way' | 'done' | null = null;
  private prepareEndMs = 0;
  private nextAutoCommitMs = Number.POSITIVE_INFINITY;
  private readonly autoCommitTimer = new Timer(() => this.host.changed());

  constructor(
    core: ClientCore,
    settings: ConsumerSettings & { readonly group: GroupSettings },
    host: GroupHost,
  ) {
    const { runtime } = core;
    this.core = core;
    this.group = settings.group;
    this.host = host;
    const { groupId } = settings.group;
    this.link = new CoordinatorLink(core, groupId, { changed: () => this.linkChanged() });
    this.membership = new Membership(runtime, settings, this.link, this);
    this.commits = new GroupCommits(runtime, settings, this.link, {
      membership: this.membership,
      isSubscribed: () => this.topics !== null,
    });
    this.committed = new CommittedPositions(core, groupId, this.link);
  }

  get isPolling(): boolean {
    return this.host.isPolling;
  }

  /** While it waits to give partitions up, nothing of them is handed out. */
  get isRevoking(): boolean {
    return this.revokeCommit === 'under way';
  }

  /** Whether a poll must return first, so that the application hears of its assignment. */
  get mustTell(): boolean {
    return this.listener.tells && !this.toldAssignment;
  }

  changed(): void {
    this.host.changed();
  }

  private linkChanged(): void {
    this.membership.linkChanged();
    this.commits.pump();
    this.host.changed();
  }

  connectionReady(): void {
    this.link.connectionReady();
  }

  connectionLost(brokerId: number): void {
    this.link.connectionLost(brokerId);
    this.membership.linkChanged();
    this.commits.pump();
  }

  /** The same topics again change nothing. */
  subscribe(topics: readonly string[], listener: RebalanceListener): void {
    const wanted = [...new Set(topics)];
    const same = this.topics?.length === wanted.length && wanted.every((one) => this.has(one));
    this.listener = listener;
    if (same) return;
    this.topics = wanted;
    this.core.updater.setTopics(new Set(wanted));
    this.startAutoCommit();
    this.membership.requestRejoin('the subscription has changed');
  }

  private has(topic: string): boolean {
    return this.topics?.includes(topic) ?? false;
  }

  /** Partitions are assigned by hand from now on: offsets are committed outside of generations. */
  assignedByHand(): void {
    this.topics = null;
    this.startAutoCommit();
  }

  /** Call while a poll runs. @returns an error that the application is to see. */
  poll(): ConsumerError | null {
    if (this.topics !== null) {
      this.compareWithMetadata();
      this.membership.poll();
    }
    this.autoCommit();
    const error = this.membership.error ?? this.link.error;
    if (error !== null && this.membership.error !== null) this.membership.error = null;
    return error;
  }

  /** Metadata may have changed. */
  metadataChanged(): void {
    this.membership.metadataChanged();
    this.host.changed();
  }

  /** The leader assigns anew when topics have other partitions than it assigned. */
  private compareWithMetadata(): void {
    const { assignedBy, membership } = this;
    if (assignedBy === null || membership.isJoining) return;
    const isOld = [...assignedBy].some(([topic, count]) => this.countOf(topic) !== count);
    if (isOld) membership.requestRejoin('cached metadata has changed');
  }

  private countOf(topic: string): number {
    return this.core.metadata.topic(topic)?.partitions.length ?? 0;
  }

  // What a member says and hears

  subscriptions() {
    const owned = this.host.partitions.map(({ topic, partition }) => ({ topic, partition }));
    const generation = this.lastAssignment?.generation ?? -1;
    return this.group.assignors.map((assignor) => ({
      name: assignor.name,
      metadata: encodeSubscription({
        topics: this.topics ?? [],
        owned,
        generation,
        userData: assignor.userData(this.lastAssignment),
      }),
    }));
  }

  private assignorNamed(name: string): Assignor {
    const found = this.group.assignors.find((one) => one.name === name);
    assert(found !== undefined, `the group chose ${name}, which this consumer has not`);
    return found;
  }

  /** Of the group; the lowest that all of this member's assignors can do. */
  private get isCooperative(): boolean {
    return this.group.assignors.every(({ protocol }) => protocol === 'cooperative');
  }

  follows(isLeader: boolean): void {
    this.leads = isLeader;
  }

  assign(
    protocolName: string,
    members: readonly JoinGroupResponseMember[],
  ): ReadonlyMap<string, Uint8Array> | null {
    const said = members.map(({ memberId, groupInstanceId, metadata }) => ({
      ...decodeSubscription(metadata),
      memberId,
      instanceId: groupInstanceId,
    }));
    const topics = [...new Set(said.flatMap((one) => one.topics))];
    if (!this.knowsAll(topics)) return null;
    const assignments = this.assignorNamed(protocolName).assign(said, (one) => this.countOf(one));
    this.assignedBy = new Map(topics.map((topic) => [topic, this.countOf(topic)]));
    const encoded = new Map<string, Uint8Array>();
    for (const [member, partitions] of assignments)
      encoded.set(member, encodeAssignment(partitions));
    return encoded;
  }

  /** The leader watches all topics of its group; of a topic that it has just met it asks first. */
  private knowsAll(topics: readonly string[]): boolean {
    const { metadata, updater } = this.core;
    for (const topic of topics) updater.addTopic(topic);
    return topics.every(
      (topic) =>
        metadata.topic(topic) !== undefined || metadata.topicError(topic) !== ErrorCode.NONE,
    );
  }

  /** Commits and gives up what the protocol asks for; false: not done yet. */
  prepareJoin(generation: Generation): boolean {
    if (!this.committedBeforeJoin(generation)) return false;
    this.revokeCommit = null;
    const owned = this.host.partitions.map(({ topic, partition }) => ({ topic, partition }));
    if (generation.id < 0 || generation.memberId === '') this.giveUp(owned, 'lost', generation);
    else if (!this.isCooperative) this.giveUp(owned, 'revoked', generation);
    else {
      const left = owned.filter(({ topic }) => !this.has(topic));
      this.giveUp(left, 'revoked', generation);
    }
    this.leads = false;
    this.assignedBy = null;
    if (this.topics !== null) this.core.updater.setTopics(new Set(this.topics));
    return true;
  }

  private committedBeforeJoin(generation: Generation): boolean {
    const isMember = generation.id >= 0 && this.host.partitions.length > 0;
    const commits = this.group.autoCommitIntervalMs !== null || this.listener.commitsOnRevoke;
    if (!commits || !isMember) return true;
    const { nowMs } = this.core.runtime;
    if (this.revokeCommit === null) {
      this.revokeCommit = 'under way';
      this.prepareEndMs = nowMs + this.group.maxPollIntervalMs;
      this.commits.commitWithin(this.group.maxPollIntervalMs, this.positions(), () => {
        this.revokeCommit = 'done';
        this.host.changed();
      });
    }
    return this.revokeCommit !== 'under way' || nowMs >= this.prepareEndMs;
  }

  joined(generation: Generation, assignment: Uint8Array): void {
    const { groupId } = this.group;
    const { trace } = this.core.runtime.host;
    const assigned = this.decoded(assignment);
    const { id, memberId, protocolName } = generation;
    trace.emit('consumer.joined', groupId, id, memberId, protocolName);
    if (!this.leads) this.assignedBy = null;
    if (assigned.some(({ topic }) => !this.has(topic))) {
      this.membership.requestRejoin('received assignment does not match the current subscription');
      return;
    }
    const names = new Set(assigned.map(nameOf));
    const revoked = this.host.partitions.filter(({ name }) => !names.has(name));
    if (revoked.length > 0) {
      if (this.listener.commitsOnRevoke) {
        const positions = positionsOf(revoked);
        this.commits.commitWithin(this.group.maxPollIntervalMs, positions, () => {});
      }
      this.giveUp(revoked, 'revoked', generation);
      this.membership.requestRejoin('need to revoke partitions and re-join');
    }
    const held = new Set(this.host.partitions.map(({ name }) => name));
    const added = assigned.filter((one) => !held.has(nameOf(one)));
    this.lastAssignment = { partitions: assigned, generation: id };
    this.startAutoCommit();
    this.host.setPartitions(assigned);
    this.toldAssignment = false;
    this.tell(added, 'assigned', generation);
  }

  private decoded(assignment: Uint8Array): TopicPartition[] {
    try {
      return decodeAssignment(assignment);
    } catch (problem) {
      if (!(problem instanceof WireError)) throw problem;
      // A leader of another kind has assigned it nothing.
      return [];
    }
  }

  private giveUp(
    partitions: readonly TopicPartition[],
    how: 'revoked' | 'lost',
    generation: Generation,
  ): void {
    if (partitions.length === 0) return;
    const gone = new Set(partitions.map(nameOf));
    this.host.setPartitions(this.host.partitions.filter(({ name }) => !gone.has(name)));
    this.toldAssignment = false;
    this.tell(partitions, how, generation);
  }

  private tell(
    partitions: readonly TopicPartition[],
    how: 'assigned' | 'revoked' | 'lost',
    { id, memberId }: Generation,
  ): void {
    const words = partitions.map(nameOf).join(',');
    const owned = this.host.partitions.map(({ name }) => name).join(',');
    const { trace } = this.core.runtime.host;
    trace.emit('consumer.owns', this.group.groupId, id, memberId, words, owned, how);
  }

  // Committing

  /** Behind what polls have returned. */
  positions(): OffsetToCommit[] {
    return positionsOf(this.host.partitions);
  }

  private startAutoCommit(): void {
    const { autoCommitIntervalMs } = this.group;
    if (autoCommitIntervalMs === null) return;
    this.nextAutoCommitMs = this.core.runtime.nowMs + autoCommitIntervalMs;
  }

  private autoCommit(): void {
    const { nowMs, timers } = this.core.runtime;
    const { autoCommitIntervalMs } = this.group;
    if (autoCommitIntervalMs === null) return;
    if (nowMs >= this.nextAutoCommitMs) {
      this.nextAutoCommitMs = nowMs + Math.max(1, autoCommitIntervalMs);
      this.commits.commitOnce(this.positions(), (outcome) => this.autoCommitted(outcome));
    }
    if (this.host.isPolling) timers.arm(this.autoCommitTimer, this.nextAutoCommitMs);
  }

  private autoCommitted(outcome: CommitOutcome): void {
    if (outcome.kind === 'committed' || !outcome.mayRetry) return;
    const soonMs = this.core.runtime.nowMs + this.core.settings.retryBackoffMs;
    this.nextAutoCommitMs = Math.min(this.nextAutoCommitMs, soonMs);
    this.host.changed();
  }

  /** Commits if it does so by itself, leaves, and calls back; all within `timeoutMs`. */
  close(timeoutMs: number, done: () => void): void {
    const { runtime } = this.core;
    const limit = new Timer(() => end());
    let ended = false;
    const end = (): void => {
      if (ended) return;
      ended = true;
      runtime.timers.cancel(limit);
      this.membership.close();
      this.commits.close();
      this.link.close();
      runtime.timers.cancel(this.autoCommitTimer);
      done();
    };
    const leave = (): void => {
      if (ended) return;
      if (this.topics === null) return end();
      this.membership.leave('the consumer is being closed', end);
    };
    const commits = this.group.autoCommitIntervalMs !== null && this.positions().length > 0;
    runtime.timers.arm(limit, runtime.nowMs + timeoutMs);
    if (commits) this.commits.commitWithin(timeoutMs, this.positions(), leave);
    else leave();
  }

  /** Leaves the group and gives everything up. */
  unsubscribe(): void {
    const { generation } = this.membership;
    if (this.topics === null) return;
    this.giveUp(this.host.partitions, 'revoked', generation);
    this.membership.leave('the consumer unsubscribed from all topics');
    this.topics = null;
    this.lastAssignment = null;
    this.host.setPartitions([]);
  }
}

function positionsOf(partitions: readonly PartitionState[]): OffsetToCommit[] {
  return partitions
    .filter(({ offset }) => offset >= 0)
    .map(({ topic, partition, offset, offsetEpoch: leaderEpoch }) => ({
      ...{ topic, partition, offset, leaderEpoch },
      metadata: '',
    }));
}
