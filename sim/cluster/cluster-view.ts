/**
 * What the cluster looks like to an onlooker: leaders and in-sync replicas as the controller
 * committed them, which brokers are unfenced, and how far each replica's log and high watermark
 * have come, all taken from the trace. Fault targets, the end of the warm-up and the convergence
 * after healing are decided from it.
 */
import type { Uuid } from '../../kafka/base/uuid.ts';
import type { PartitionRegistration } from '../../kafka/metadata/partition-registration.ts';
import { partitionOf } from '../check/settings.ts';
import type { RunWorld } from '../run-world.ts';
import { brokerIdOf, brokerName, topicOf } from './names.ts';

export interface ReplicaView {
  readonly node: string;
  logStartOffset: number;
  logEndOffset: number;
  highWatermark: number;
}

export interface PartitionView {
  readonly name: string;
  /** Node name; null while there is none. */
  leader: string | null;
  leaderEpoch: number;
  /** Of the newest ISR change. */
  partitionEpoch: number;
  /** Of the newest change of the replicas. */
  assignmentEpoch: number;
  /** The leader itself has begun to lead in this epoch. */
  leading: boolean;
  /** Who told so last, and of which epoch. */
  started: { readonly node: string; readonly leaderEpoch: number } | null;
  /** Node names, ascending by broker id. */
  inSyncReplicas: readonly string[];
  /** As the controller committed them, ascending by broker id. */
  replicas: readonly string[];
  readonly byNode: Map<string, ReplicaView>;
  /** The same by a node's number in the trace. */
  readonly byIndex: (ReplicaView | undefined)[];
}

export class ClusterView {
  readonly partitions = new Map<string, PartitionView>();
  readonly unfenced = new Set<string>();
  private readonly deletedTopics = new Set<string>();
  /** By topic, the id of the one that has the name now. */
  private readonly topicIds = new Map<string, Uuid>();
  private readonly nodeNames: readonly { readonly name: string }[];
  private readonly world: RunWorld;
  private active: { readonly name: string; readonly epoch: number } | null = null;

  /** Create it before anything is started. */
  constructor(world: RunWorld) {
    this.world = world;
    this.nodeNames = world.nodes;
    this.watchController(world);
    this.watchReplicas(world);
  }

  /** Node name of the active controller, as it told itself; null while none is or it is down. */
  activeController(): string | null {
    const { active } = this;
    if (active === null) return null;
    return this.world.node(active.name).node === null ? null : active.name;
  }

  /** Null for a partition that no controller has told of yet. */
  partition(name: string): PartitionView | null {
    return this.partitions.get(name) ?? null;
  }

  /** The names of a topic's partitions, as far as they are known. */
  partitionsOf(topic: string): string[] {
    const names = [...this.partitions.keys()];
    return names.filter((name) => topicOf(name) === topic);
  }

  /**
   * What the quorum committed of a partition, where nobody may have told of it: who decided it
   * leads no more, and the leader that brought it to a majority may have been started since and
   * not know that it was not committed before; of all that it finds it tells the newest only.
   */
  committed(name: string, topicId: Uuid, registration: PartitionRegistration): void {
    const topic = topicOf(name);
    if (this.topicIds.get(topic) !== topicId) {
      // Epochs of another topic of that name say nothing about this one.
      for (const one of this.partitionsOf(topic)) forget(this.of(one));
      this.topicIds.set(topic, topicId);
    }
    const view = this.of(name);
    const { leader, leaderEpoch, partitionEpoch } = registration;
    const isr = registration.isr.join();
    if (leaderEpoch < view.leaderEpoch) return;
    if (leaderEpoch > view.leaderEpoch) this.elected(view, { leader, leaderEpoch, isr });
    else if (brokerIds(isr).map(brokerName).join() === view.inSyncReplicas.join()) return;
    view.partitionEpoch = partitionEpoch;
    view.assignmentEpoch = partitionEpoch;
    view.replicas = brokerIds(registration.replicas.join()).map(brokerName);
    this.setInSync(view, isr);
  }

  private watchController({ trace }: RunWorld): void {
    trace.subscribe('controller.activated', (_e, _t, node, leaderEpoch) => {
      const epoch = leaderEpoch as number;
      if (epoch >= (this.active?.epoch ?? -1)) this.active = { name: this.nodeName(node), epoch };
    });
    trace.subscribe('controller.resigned', (_e, _t, _n, leaderEpoch) => {
      if (this.active?.epoch === leaderEpoch) this.active = null;
    });
    trace.subscribe('leader.elected', (_e, _t, _n, partition, leader, leaderEpoch, isr) => {
      const view = this.of(partition as string);
      // A controller tells its newest decisions again when it restarts.
      if ((leaderEpoch as number) <= view.leaderEpoch) return;
      this.elected(view, {
        leader: leader as number,
        leaderEpoch: leaderEpoch as number,
        isr: isr as string,
      });
    });
    trace.subscribe('isr.changed', (_e, _t, _n, partition, isr, _elr, partitionEpoch) => {
      const view = this.of(partition as string);
      if ((partitionEpoch as number) < view.partitionEpoch) return;
      view.partitionEpoch = partitionEpoch as number;
      this.setInSync(view, isr as string);
    });
    trace.subscribe('replicas.changed', (_e, _t, _n, partition, replicas, _a, _r, epoch) => {
      const view = this.of(partition as string);
      if ((epoch as number) < view.assignmentEpoch) return;
      view.assignmentEpoch = epoch as number;
      view.replicas = brokerIds(replicas as string).map(brokerName);
    });
    trace.subscribe('topic.created', (_e, _t, _n, topic, topicId) => {
      this.topicIds.set(topic as string, topicId as Uuid);
    });
    trace.subscribe('topic.deleted', (_e, _t, _n, topic, topicId) => {
      // Told again by a controller that restarts. Another topic may have the name by then: what was
      // told since of the former one is void, and what it is now is told again next.
      const isNews = !this.deletedTopics.has(topicId as string);
      this.deletedTopics.add(topicId as string);
      for (const [name, view] of [...this.partitions]) {
        if (partitionOf(topic as string, name) < 0) continue;
        if (isNews) this.partitions.delete(name);
        else forget(view);
      }
    });
    trace.subscribe('broker.unfenced', (_e, _t, _n, broker) => {
      this.unfenced.add(brokerName(broker as number));
    });
    trace.subscribe('broker.fenced', (_e, _t, _n, broker) => {
      this.unfenced.delete(brokerName(broker as number));
    });
    trace.subscribe('broker.registered', (_e, _t, _n, broker) => {
      this.unfenced.delete(brokerName(broker as number));
    });
    // The controller may take a killed broker for alive until its session times out; a new process
    // of it has yet to register and to load its logs.
    trace.subscribe('fault.start', (_e, _t, _n, target) => {
      this.unfenced.delete(target as string);
    });
  }

  private watchReplicas({ trace }: RunWorld): void {
    trace.subscribe('leader.started', (_e, _t, node, partition, leaderEpoch) => {
      const view = this.of(partition as string);
      view.started = { node: this.nodeName(node), leaderEpoch: leaderEpoch as number };
      if (hasStarted(view)) view.leading = true;
    });
    trace.subscribe('log.appended', (_e, _t, node, partition, _base, endOffset) => {
      this.replica(partition as string, node).logEndOffset = endOffset as number;
    });
    trace.subscribe('log.truncated', (_e, _t, node, partition, endOffset) => {
      this.cut(this.replica(partition as string, node), endOffset as number);
    });
    trace.subscribe('log.recovered', (_e, _t, node, partition, startOffset, endOffset) => {
      const replica = this.replica(partition as string, node);
      replica.logStartOffset = startOffset as number;
      this.cut(replica, endOffset as number);
    });
    trace.subscribe('log.started', (_e, _t, node, partition, startOffset) => {
      this.replica(partition as string, node).logStartOffset = startOffset as number;
    });
    trace.subscribe('replica.deleted', (_e, _t, node, partition) => {
      const view = this.of(partition as string);
      view.byIndex[node] = undefined;
      view.byNode.delete(this.nodeName(node));
    });
    trace.subscribe('hw.advanced', (_e, _t, node, partition, highWatermark) => {
      this.replica(partition as string, node).highWatermark = highWatermark as number;
    });
  }

  private cut(replica: ReplicaView, endOffset: number): void {
    replica.logEndOffset = endOffset;
    if (replica.highWatermark > endOffset) replica.highWatermark = endOffset;
  }

  private nodeName(node: number): string {
    return this.nodeNames[node - 1]?.name ?? 'lab';
  }

  private of(partition: string): PartitionView {
    let view = this.partitions.get(partition);
    if (view === undefined) {
      view = {
        name: partition,
        leader: null,
        leaderEpoch: -1,
        partitionEpoch: -1,
        assignmentEpoch: -1,
        leading: false,
        started: null,
        inSyncReplicas: [],
        replicas: [],
        byNode: new Map(),
        byIndex: [],
      };
      this.partitions.set(partition, view);
    }
    return view;
  }

  private replica(partition: string, node: number): ReplicaView {
    // Told with every append: one look-up for the partition, one place for the node.
    const { byIndex, byNode } = this.of(partition);
    let replica = byIndex[node];
    if (replica === undefined) {
      const name = this.nodeName(node);
      replica = { node: name, logStartOffset: 0, logEndOffset: 0, highWatermark: 0 };
      byIndex[node] = replica;
      byNode.set(name, replica);
    }
    return replica;
  }

  private elected(
    view: PartitionView,
    { leader, leaderEpoch, isr }: { leader: number; leaderEpoch: number; isr: string },
  ): void {
    view.leader = leader < 0 ? null : brokerName(leader);
    view.leaderEpoch = leaderEpoch;
    view.leading = hasStarted(view);
    this.setInSync(view, isr);
  }

  private setInSync(view: PartitionView, isr: string): void {
    const ids = brokerIds(isr);
    view.inSyncReplicas = ids.map(brokerName);
    const missing = view.inSyncReplicas.some((name) => !view.replicas.includes(name));
    if (!missing) return;
    const all = new Set([...view.replicas, ...view.inSyncReplicas]);
    view.replicas = [...all].sort((a, b) => brokerIdOf(a) - brokerIdOf(b));
  }
}

function hasStarted({ leader, leaderEpoch, started }: PartitionView): boolean {
  return started !== null && started.node === leader && started.leaderEpoch === leaderEpoch;
}

/** What controllers told; what its brokers tell stays. */
function forget(view: PartitionView): void {
  view.leaderEpoch = -1;
  view.partitionEpoch = -1;
  view.assignmentEpoch = -1;
}

/** `"1,2,3"` or `"[1, 2, 3]"` → ascending ids. */
export function brokerIds(text: string): number[] {
  return (text.match(/\d+/g) ?? []).map(Number).sort((a, b) => a - b);
}
