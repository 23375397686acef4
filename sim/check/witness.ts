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
import { effectiveMinInSyncReplicas, type RunSettings } from './settings.ts';

export class Witness {
  readonly disks: DiskView;
  readonly logs: ReplicaLogs;
  readonly elections = new Elections();
  readonly history: ClientHistory;
  readonly settings: RunSettings;
  readonly blamer: Blamer;
  private readonly watches = new Map<string, PartitionWatch>();
  private readonly replicaWatches = new Map<string, Map<string, ReplicaWatch>>();
  private replicaCount = 0;

  constructor(options: { disks: DiskView; history: ClientHistory; settings: RunSettings }) {
    this.disks = options.disks;
    this.logs = new ReplicaLogs(options.disks);
    this.history = options.history;
    this.settings = options.settings;
    this.blamer = new Blamer(this.logs, this.elections, options.settings);
  }

  partition(name: string): PartitionWatch {
    let watch = this.watches.get(name);
    if (watch === undefined) {
      watch = { name, committed: new CommittedLog(), current: null };
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
    }
    return watch;
  }

  committed(partition: string): CommittedLog {
    return this.partition(partition).committed;
  }

  minInSyncReplicas(partition: string): number {
    return effectiveMinInSyncReplicas(this.settings, partition);
  }

  /** How many replicas of the partition ever lost records with their power or disk. */
  lossyStops(partition: string): number {
    return this.logs
      .replicas(partition)
      .filter((log) => log.lost.some((one) => one.cause === 'power' || one.cause === 'disk'))
      .length;
  }

  /** True when the controller's newest decision is that this node leads in this epoch. */
  legitimate(node: string, partition: string, leaderEpoch: number): boolean {
    const { current } = this.partition(partition);
    return current !== null && current.leader === node && current.leaderEpoch === leaderEpoch;
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
