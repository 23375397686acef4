/**
 * Everything the checks know of a run, in one place: the logs as written, the controller's
 * decisions, the committed log of each partition, the clients' history and the settings.
 */
import { Blamer } from './blame.ts';
import { CommittedLog } from './committed-log.ts';
import { Elections } from './elections.ts';
import type { ClientHistory } from './history/history.ts';
import { type DiskView, ReplicaLogs } from './replica-logs.ts';
import type { PartitionWatch, ReplicaWatch } from './replica-watch.ts';
import type { RunSettings } from './settings.ts';

interface Damage {
  readonly node: string;
  readonly event: number;
  readonly fault: string;
  readonly silently: boolean;
}

export class Witness {
  readonly disks: DiskView;
  readonly logs: ReplicaLogs;
  readonly elections = new Elections();
  readonly history: ClientHistory;
  readonly settings: RunSettings;
  readonly blamer: Blamer;
  /** The first fault or refused request: from then on an unanswered send may be lost. */
  disturbedAt = Number.POSITIVE_INFINITY;
  /** What disks did beyond all promises, in order. */
  readonly damages: Damage[] = [];
  private readonly watches = new Map<string, PartitionWatch>();
  private readonly replicaWatches = new Map<string, Map<string, ReplicaWatch>>();
  private replicaCount = 0;

  constructor(options: { disks: DiskView; history: ClientHistory; settings: RunSettings }) {
    this.disks = options.disks;
    this.logs = new ReplicaLogs(options.disks);
    this.history = options.history;
    this.settings = options.settings;
    this.blamer = new Blamer(this.logs, this.elections, {
      settings: options.settings,
      spoiledBy: (partition) => this.spoiledBy(partition),
    });
  }

  partition(name: string): PartitionWatch {
    let watch = this.watches.get(name);
    if (watch === undefined) {
      watch = {
        name,
        committed: new CommittedLog(),
        current: null,
        partitionEpoch: -1,
        leading: false,
        replicas: [],
      };
      this.watches.set(name, watch);
    }
    return watch;
  }

  replica(node: string, partition: string): ReplicaWatch {
    let byPartition = this.replicaWatches.get(node);
    if (byPartition === undefined) {
      byPartition = new Map();
      this.replicaWatches.set(node, byPartition);
    }
    let watch = byPartition.get(partition);
    if (watch === undefined) {
      watch = {
        id: this.replicaCount++,
        node,
        partition: this.partition(partition),
        log: this.logs.of(node, partition),
        highWatermark: 0,
        logStartOffset: 0,
      };
      byPartition.set(partition, watch);
      watch.partition.replicas.push(watch);
    }
    return watch;
  }

  committed(partition: string): CommittedLog {
    return this.partition(partition).committed;
  }

  /**
   * The replica that the partition is judged by at the end: the leader, or while none leads
   * the in-sync or eligible one (or else any) that has most of what was committed.
   */
  lastReplica(partition: string): ReplicaWatch | null {
    const { current, leading, committed, replicas } = this.partition(partition);
    if (leading && current?.leader != null) return this.replica(current.leader, partition);
    const eligible = this.elections.eligibleAt(partition, Number.POSITIVE_INFINITY);
    let best: ReplicaWatch | null = null;
    let bestRank = -1;
    for (const replica of replicas) {
      const differs = committed.firstDifference(replica.log, 0, committed.trueHighWatermark);
      const agrees = differs < 0 ? replica.log.logEndOffset : differs;
      const rank = agrees + (eligible.includes(replica.node) ? Number.MAX_SAFE_INTEGER / 2 : 0);
      if (rank > bestRank) {
        best = replica;
        bestRank = rank;
      }
    }
    return best;
  }

  /** Its process ended: whatever it led, it leads no more. */
  ended(node: string): void {
    for (const watch of this.watches.values()) {
      if (watch.current?.leader === node) watch.leading = false;
    }
  }

  /**
   * A disk lost or spoiled what it had acknowledged: no replica can be built on that node.
   * `silently`: without a sign that its broker could notice.
   */
  damaged(node: string, event: number, how: { fault: string; silently: boolean }): void {
    const damage = { node, event, fault: `${how.fault} on ${node}`, silently: how.silently };
    this.damages.push(damage);
    if (node.startsWith('controller-')) this.blamer.quorumLoss ??= damage;
  }

  /**
   * The fault that silently spoiled a replica of this partition: after it nothing is promised of
   * the partition, for a replica that was spoiled may lead. null when there was none.
   */
  spoiledBy(partition: string): string | null {
    const nodes = this.logs.replicas(partition).map((log) => log.node);
    const damage = this.damages.find((one) => one.silently && nodes.includes(one.node));
    return damage?.fault ?? null;
  }

  /** All partitions of the topics of the run, `orders-0` and so on. */
  partitions(): string[] {
    const names: string[] = [];
    for (const topic of this.settings.topics) {
      for (let i = 0; i < topic.partitions; i++) names.push(`${topic.name}-${i}`);
    }
    return names;
  }
}
