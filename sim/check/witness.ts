/**
 * Everything the checks know of a run, in one place: the logs as written, the decisions that the
 * quorum committed, the committed log of each partition, the clients' history and the settings.
 * The metadata log is watched as one more partition, `METADATA_LOG`.
 */
import { brokerName } from '../cluster/names.ts';
import { AppendTimes } from './append-times.ts';
import { Blamer } from './blame.ts';
import { CommittedLog } from './committed-log.ts';
import { ControlWatch } from './control-watch.ts';
import { Elections } from './elections.ts';
import { GroupWitness } from './group-witness.ts';
import { HighestOffsets } from './highest-offsets.ts';
import type { ClientHistory } from './history/history.ts';
import { ProducerLoads } from './producer-loads.ts';
import { ReplicaLog } from './replica-log.ts';
import { type DiskView, METADATA_LOG, ReplicaLogs } from './replica-logs.ts';
import type { NodeWatch, PartitionWatch, ReplicaWatch } from './replica-watch.ts';
import {
  type KnownConfigs,
  type PartitionPromise,
  promiseOf,
  type RunSettings,
} from './settings.ts';
import { UnansweredWrites } from './unanswered-writes.ts';
import { isBoundTo } from './vote-files.ts';
import { WallClocks } from './wall-clocks.ts';

interface Damage {
  readonly node: string;
  readonly event: number;
  readonly fault: string;
  readonly silently: boolean;
}

function newPartitionWatch(name: string, topicId: string | null): PartitionWatch {
  return {
    name,
    committed: new CommittedLog(),
    registration: null,
    topicId,
    elrClearedAt: -1,
    current: null,
    members: [],
    leading: false,
    held: null,
    replicas: [],
  };
}

export class Witness {
  readonly disks: DiskView;
  readonly logs: ReplicaLogs;
  readonly elections = new Elections();
  readonly control = new ControlWatch();
  readonly clocks = new WallClocks();
  readonly groups = new GroupWitness();
  readonly producerLoads = new ProducerLoads();
  readonly appendTimes = new AppendTimes();
  readonly history: ClientHistory;
  readonly settings: RunSettings;
  private readonly configs: KnownConfigs;
  readonly blamer: Blamer;
  readonly highWatermarks = new HighestOffsets();
  /** Known from the first damage of a disk on. */
  readonly logEnds = new HighestOffsets();
  readonly unanswered = new UnansweredWrites(this.elections);
  /** The first fault or refused request: from then on an unanswered send may be lost. */
  disturbedAt = Number.POSITIVE_INFINITY;
  /** What disks did beyond all promises, in order. */
  readonly damages: Damage[] = [];
  /** The first of a voter of the quorum. */
  voterDamage: Damage | null = null;
  /** Who leads the quorum; null while nobody is known to. */
  quorumLeader: string | null = null;
  private readonly watches = new Map<string, PartitionWatch>();
  private readonly replicaWatches = new Map<string, Map<string, ReplicaWatch>>();
  private readonly nodeWatches = new Map<string, NodeWatch>();
  /** By partition: all that had its name, and the offset of the decision that made each. */
  private readonly lives = new Map<string, { offset: number; watch: PartitionWatch }[]>();
  /** The newest of those offsets. */
  private newestLife = -1;
  /** Replicas that the quorum means on nodes that still have another's of before. */
  private readonly awaited = new Map<string, ReplicaWatch>();
  private replicaCount = 0;

  private readonly voterName: (id: number) => string;
  /** Told when the quorum has committed that somebody votes from now on, or votes no more. */
  onVoterChanged: ((node: string, votes: boolean, event: number) => void) | null = null;

  constructor(options: {
    disks: DiskView;
    history: ClientHistory;
    settings: RunSettings;
    /** The node that a voter of the quorum is. */
    voterName: (id: number) => string;
    /** Default: one that knows every write. */
    blamer?: (...parts: ConstructorParameters<typeof Blamer>) => Blamer;
    /** Default: what the quorum was seen to decide. */
    configs?: KnownConfigs;
  }) {
    this.voterName = options.voterName;
    this.disks = options.disks;
    this.logs = new ReplicaLogs(options.disks);
    this.history = options.history;
    this.settings = options.settings;
    this.configs = options.configs ?? this.control.image;
    const { blamer = (...parts) => new Blamer(...parts) } = options;
    this.blamer = blamer(this.logs, this.elections, {
      spoiledBy: (partition) => this.spoiledBy(partition),
      committedBefore: (partition, event, batch) =>
        this.committed(partition).heldBefore(event, batch),
      minInSync: (partition) => this.promise(partition).minInSyncReplicas,
    });
  }

  partition(name: string): PartitionWatch {
    let watch = this.watches.get(name);
    if (watch === undefined) {
      watch = newPartitionWatch(name, null);
      this.watches.set(name, watch);
    }
    return watch;
  }

  /**
   * Whether it is the one that the quorum means by its name: of a topic that was deleted brokers
   * may have replicas for long, but nobody is in sync or may be elected, and nothing is promised.
   */
  isMeant(partition: PartitionWatch): boolean {
    return this.partition(partition.name) === partition && partition.registration !== null;
  }

  /**
   * What a node has of a partition, and tells of it: a broker that has not yet learned that the
   * topic was deleted still speaks of the former one, although another may have its name.
   */
  replica(node: string, name: string): ReplicaWatch {
    const byPartition = this.replicasByPartition(node);
    let watch = byPartition.get(name);
    if (watch === undefined) {
      const key = `${node} ${name}`;
      const partition = this.partitionFor(node, name);
      const awaited = this.awaited.get(key);
      if (awaited?.partition === partition) {
        watch = awaited;
        this.awaited.delete(key);
      } else watch = this.newReplica(node, partition);
      watch.log = this.logs.of(node, name);
      byPartition.set(name, watch);
    }
    return watch;
  }

  /**
   * A node has learned what is committed below `highWatermark`. Of a partition of which it has no
   * replica, while others had or have its name, what it tells next may be another's.
   */
  learned(process: NodeWatch, highWatermark: number): void {
    const before = process.metadataHighWatermark;
    process.metadataHighWatermark = highWatermark;
    if (this.newestLife < before) return;
    for (const [name, replica] of [...this.replicasByPartition(process.name)]) {
      const replicas = replica.partition.registration?.replicas ?? null;
      if ((this.lives.get(name)?.length ?? 0) < 2) continue;
      if (replicas === null || replicas.some((id) => brokerName(id) === process.name)) continue;
      this.gaveUp(process.name, name);
    }
    for (const name of this.lives.keys()) this.begins(process.name, name);
  }

  /** The node knows now of the replica that the quorum means; it may write before it tells. */
  private begins(node: string, name: string): void {
    const awaited = this.awaited.get(`${node} ${name}`);
    if (awaited === undefined || this.replicasByPartition(node).has(name)) return;
    if (awaited.partition === this.partitionFor(node, name)) this.replica(node, name);
  }

  /** The partition of that name as far as the node has learned; else as it is now. */
  private partitionFor(node: string, name: string): PartitionWatch {
    const { metadataHighWatermark } = this.node(node);
    const life = this.lives.get(name)?.findLast((one) => one.offset < metadataHighWatermark);
    return life === undefined || life.watch.topicId === null ? this.partition(name) : life.watch;
  }

  /** The replica that the quorum means, whether the node has it already or another's of before. */
  memberOf(partition: PartitionWatch, node: string): ReplicaWatch {
    const { name } = partition;
    const present = this.replicasByPartition(node).get(name);
    if (present?.partition === partition) return present;
    if (present === undefined && this.partitionFor(node, name) === partition) {
      return this.replica(node, name);
    }
    const key = `${node} ${name}`;
    const awaited = this.awaited.get(key);
    if (awaited?.partition === partition) return awaited;
    const replica = this.newReplica(node, partition);
    this.awaited.set(key, replica);
    return replica;
  }

  private newReplica(node: string, partition: PartitionWatch): ReplicaWatch {
    const { name } = partition;
    const replica: ReplicaWatch = {
      id: this.replicaCount++,
      node,
      process: this.node(node),
      partition,
      log: new ReplicaLog(node, name),
      toldEndOffset: 0,
      agreedUpTo: 0,
      highWatermark: 0,
      logStartOffset: 0,
      lossyAt: -1,
      awaitsRecovery: false,
      endedUncleanly: false,
    };
    partition.replicas.push(replica);
    return replica;
  }

  private replicasByPartition(node: string): Map<string, ReplicaWatch> {
    let byPartition = this.replicaWatches.get(node);
    if (byPartition === undefined) {
      byPartition = new Map();
      this.replicaWatches.set(node, byPartition);
    }
    return byPartition;
  }

  /** A broker gives its replica up: what it tells from now on is of another. */
  gaveUp(node: string, partition: string): void {
    const byPartition = this.replicasByPartition(node);
    const replica = byPartition.get(partition);
    if (replica === undefined) return;
    byPartition.delete(partition);
    const { replicas } = replica.partition;
    replicas.splice(replicas.indexOf(replica), 1);
    this.begins(node, partition);
  }

  /** The disk of a node is another: it holds nothing of topics that were deleted. */
  forgetFormer(node: string): void {
    for (const [name, replica] of [...this.replicasByPartition(node)]) {
      if (replica.partition !== this.partition(name)) this.gaveUp(node, name);
    }
  }

  node(name: string): NodeWatch {
    let watch = this.nodeWatches.get(name);
    if (watch === undefined) {
      watch = {
        name,
        alive: false,
        startedAt: -1,
        stopAsked: false,
        registered: false,
        metadataHighWatermark: -1,
        metadataFlushedTo: 0,
        stoppedAt: -1,
      };
      this.nodeWatches.set(name, watch);
    }
    return watch;
  }
  nodes(): readonly NodeWatch[] {
    return [...this.nodeWatches.values()];
  }
  /** All that were ever seen on a node, the metadata log among them. */
  replicasOn(node: string): readonly ReplicaWatch[] {
    return [...(this.replicaWatches.get(node)?.values() ?? [])];
  }

  committed(partition: string): CommittedLog {
    return this.partition(partition).committed;
  }

  /** The offset behind a replica's last record. */
  endOf({ log }: ReplicaWatch): number {
    return log.batchCount > 0 ? log.logEndOffset : this.logs.endOffset(log);
  }

  /**
   * Up to where a replica's log is the committed log, looked for no further than `to`. Every
   * batch is compared once, unless it is written anew.
   */
  agreesUpTo(replica: ReplicaWatch, to: number): number {
    const { log } = replica;
    if (log.hasShrunk) this.settled(replica);
    // A log that a snapshot began has no batch that could leave it.
    if (log.batchCount === 0)
      replica.agreedUpTo = Math.min(replica.agreedUpTo, this.endOf(replica));
    if (replica.agreedUpTo >= to) return replica.agreedUpTo;
    const { committed } = replica.partition;
    const end = Math.min(to, committed.trueHighWatermark, this.endOf(replica));
    if (end <= replica.agreedUpTo) return replica.agreedUpTo;
    const differs = committed.firstDifference(log, replica.agreedUpTo, end);
    replica.agreedUpTo = differs < 0 ? end : differs;
    return replica.agreedUpTo;
  }

  /** What left a replica's log must be compared again when it comes back. */
  settled(replica: ReplicaWatch): void {
    const changedFrom = replica.log.takeChangedFrom();
    if (changedFrom < replica.agreedUpTo) replica.agreedUpTo = changedFrom;
  }

  /** A new leader lacks what was committed from `offset` on: the partition goes on without it. */
  cutCommitted({ committed, replicas }: PartitionWatch, offset: number): void {
    if (offset >= committed.trueHighWatermark) return;
    committed.cut(offset);
    for (const replica of replicas) replica.agreedUpTo = Math.min(replica.agreedUpTo, offset);
  }

  /** What the settings promise of a partition now. */
  promise(partition: string): PartitionPromise {
    return promiseOf(partition, this.configs, this.settings);
  }

  /** The quorum deleted its topic. */
  deleted(partition: string, event: number): void {
    this.blamer.deleted(partition, event);
  }

  /**
   * The partition is one of another topic with the name of one that was deleted, or is gone. The
   * former one is watched on, for as long as brokers have replicas of it.
   */
  beginAnew(name: string, topicId: string | null): PartitionWatch {
    const fresh = newPartitionWatch(name, topicId);
    const former = this.watches.get(name);
    this.watches.set(name, fresh);
    const life = { offset: this.control.image.offset, watch: fresh };
    this.newestLife = life.offset;
    const lives = this.lives.get(name);
    if (lives === undefined) this.lives.set(name, [life]);
    else lives.push(life);
    if (former === undefined) return fresh;
    for (const [node, byPartition] of this.replicaWatches) {
      this.awaited.delete(`${node} ${name}`);
      if (!byPartition.has(name)) continue;
      const hosts = this.disks.paths(node).some((path) => path.includes(`/${name}/`));
      if (!hosts) byPartition.delete(name);
    }
    return fresh;
  }

  /**
   * The replica that the partition is judged by at the end: the leader, or while none leads
   * the in-sync or eligible one (or else any) that has most of what was committed. Of a run that
   * ended early it is any in that case: who will lead is not decided, and what somebody has is not
   * lost. Once the quorum has lost its decisions, who takes itself for the leader is believed.
   */
  lastReplica(partition: string, endedEarly: boolean): ReplicaWatch | null {
    const { current, held, leading, committed, replicas } = this.partition(partition);
    if (this.blamer.quorumLoss !== null && held !== null) return this.replica(held.node, partition);
    if (leading && current?.leader != null) return this.replica(current.leader, partition);
    const eligible = this.elections.eligibleAt(partition, Number.POSITIVE_INFINITY);
    let best: ReplicaWatch | null = null;
    let bestRank = -1;
    for (const replica of replicas) {
      const differs = committed.firstDifference(replica.log, 0, committed.trueHighWatermark);
      const agrees = differs < 0 ? replica.log.logEndOffset : differs;
      const counts = eligible.includes(replica.node);
      const rank = agrees + (!counts ? 0 : endedEarly ? 0.5 : Number.MAX_SAFE_INTEGER / 2);
      if (rank > bestRank) {
        best = replica;
        bestRank = rank;
      }
    }
    return best;
  }

  /** Its process ended: whatever it led, it leads no more. */
  ended(node: string, event: number): void {
    const process = this.node(node);
    process.alive = false;
    process.registered = false;
    process.metadataHighWatermark = -1;
    process.stoppedAt = event;
    this.unanswered.connectionEnded(node, event);
    for (const replica of this.replicasOn(node)) {
      // A process that ended before it had loaded the log did nothing to it.
      if (!process.stopAsked && !replica.awaitsRecovery) replica.endedUncleanly = true;
      replica.awaitsRecovery = true;
    }
    if (this.quorumLeader === node) this.quorumLeader = null;
    for (const watch of this.watches.values()) {
      if (watch.current?.leader === node) watch.leading = false;
      if (watch.held?.node === node) watch.held = null;
    }
  }

  /**
   * A disk lost or spoiled what it had acknowledged: no replica can be built on that node.
   * `silently`: without a sign that its broker could notice.
   */
  damaged(node: string, event: number, how: { fault: string; silently: boolean }): void {
    const damage = { node, event, fault: `${how.fault} on ${node}`, silently: how.silently };
    if (this.damages.length === 0) this.noteLogEnds(event);
    this.damages.push(damage);
    if (this.isVoter(node)) this.voterDamage ??= damage;
  }

  private noteLogEnds(event: number): void {
    for (const { name, replicas } of this.watches.values()) {
      for (const { toldEndOffset } of replicas) this.logEnds.told(name, toldEndOffset, event);
    }
  }

  /** What the disk of this node did beyond all promises first, or null. */
  damageOf(node: string): string | null {
    return this.damages.find((one) => one.node === node)?.fault ?? null;
  }

  /** What a voter's disk has lost so far; one that is gone is replaced when its node starts. */
  voterLoss(): string | null {
    if (this.voterDamage !== null) return this.voterDamage.fault;
    for (const { node } of this.partition(METADATA_LOG).replicas) {
      const gone = this.blamer.goneDiskOf(node);
      if (gone !== null && this.isVoter(node)) return gone;
    }
    return null;
  }

  /** The quorum lost what it had committed: from now on only its word says what it decides. */
  quorumLost(): void {
    this.control.sound = false;
    this.blamer.quorumLoss = this.voterDamage;
  }

  votersChanged(
    { before, after }: { readonly before: readonly number[]; readonly after: readonly number[] },
    event: number,
  ): void {
    // Who has voted from the beginning has not come to.
    if (before.length === 0) return;
    const tell = (id: number, votes: boolean): void =>
      this.onVoterChanged?.(this.voterName(id), votes, event);
    for (const id of after) if (!before.includes(id)) tell(id, true);
    for (const id of before) if (!after.includes(id)) tell(id, false);
  }

  /** The voters of the quorum, as this metadata log has them. */
  votersBy(log: ReplicaLog): readonly string[] {
    return this.control.votersBy(log).map(this.voterName);
  }
  /** How many of the voters by this log have written that they vote for that node. */
  votesFor(node: string, log: ReplicaLog, epoch: number): { count: number; of: number } {
    const ids = this.control.votersBy(log);
    const id = ids.find((one) => this.voterName(one) === node) ?? -1;
    const bound = ids.filter((one) => isBoundTo(this.disks, this.voterName(one), { epoch, id }));
    return { count: bound.length, of: ids.length };
  }
  private isVoter(node: string): boolean {
    const { replicas } = this.partition(METADATA_LOG);
    return replicas.some(({ log }) => this.votersBy(log).includes(node));
  }

  /**
   * The fault that silently spoiled a replica of this partition: after it nothing is promised of
   * the partition, for a replica that was spoiled may lead. null when there was none.
   */
  spoiledBy(partition: string): Damage | null {
    const nodes = this.logs.replicas(partition).map((log) => log.node);
    return this.damages.find((one) => one.silently && nodes.includes(one.node)) ?? null;
  }

  /**
   * All partitions of the run's topics, also of those created on the way: `orders-0` and so on. What
   * a quorum creates that has lost its decisions is known by what brokers wrote to it.
   */
  partitions(): string[] {
    const names = new Set<string>();
    for (const topic of this.settings.topics) {
      for (let i = 0; i < topic.partitions; i++) names.add(`${topic.name}-${i}`);
    }
    this.control.image.forEachPartition((_partition, { name }, i) => names.add(`${name}-${i}`));
    if (!this.control.sound) {
      for (const { name, replicas } of this.watches.values()) {
        if (name !== METADATA_LOG && replicas.some(({ log }) => log.wasWritten)) names.add(name);
      }
    }
    return [...names];
  }
}
