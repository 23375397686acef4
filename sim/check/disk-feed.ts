/**
 * Feeds the witness with what happens on disks: writes, cuts, losses, flushes of the metadata log,
 * and faults that spoil what was acknowledged.
 */
import type { RestoredWhy } from '../disk/watch.ts';
import type { World } from '../world.ts';
import type { Check } from './check.ts';
import { ForwardedRequests } from './forwarded-requests.ts';
import type { ReplicaLog, Write } from './replica-log.ts';
import { METADATA_LOG } from './replica-logs.ts';
import type { ReplicaWatch } from './replica-watch.ts';
import type { Witness } from './witness.ts';

interface Cut {
  readonly fromOffset: number;
  event: number;
  changed: boolean;
}

export class DiskFeed {
  private readonly world: World;
  private readonly witness: Witness;
  private readonly checks: readonly Check[];
  /** Nodes whose disks answered a flush and made nothing durable. */
  private readonly lyingDisks = new Set<string>();
  /**
   * Logs that lost what was committed, until they have it again, and the lowest offset that left.
   * A step may take a log away and put another in its place: they are looked at when it has ended.
   */
  private readonly cut = new Map<ReplicaLog, Cut>();
  /** The step in which the newest of them changed; -1: all were looked at since. */
  private changedIn = -1;

  constructor(world: World, witness: Witness, checks: readonly Check[]) {
    this.world = world;
    this.witness = witness;
    this.checks = checks;
    const forwarded = new ForwardedRequests(world, witness.history.acts);
    witness.logs.metadataWritten = (log, { bytes, event }) =>
      witness.control.wrote(bytes, event, forwarded.wrote(log.node));
    this.watchDisks();
    this.watchFaults();
  }

  private watchDisks(): void {
    const { world, witness } = this;
    const { logs } = witness;
    const write: Write = { position: 0, bytes: new Uint8Array(0), event: 0 };
    world.disks.subscribe({
      wrote: (node, path, position, bytes) => {
        if (this.changedIn >= 0) this.stepEnded();
        write.position = position;
        write.bytes = bytes;
        write.event = world.events;
        const spoilt = logs.wrote(node, path, write);
        if (spoilt !== null) this.allOf(node);
        if (this.cut.size > 0) this.wroteTo(node);
      },
      truncated: (node, path, size) => {
        this.stepEnded();
        // What the node tells next is of this cut: that it was made, or what kept it from that.
        const event = world.events + 1;
        const cut = logs.truncated(node, path, size, event);
        if (cut !== null) this.shrank(cut, event);
      },
      renamed: (node, from, to) => {
        this.stepEnded();
        if (logs.renamed(node, from, to, world.events)) this.allOf(node);
      },
      removed: (node, path) => {
        this.stepEnded();
        if (logs.removed(node, path, world.events)) this.allOf(node);
      },
      flushed: (node, path, size) => this.flushed(node, path, size),
      restored: (node, why) => this.restored(node, why),
    });
  }

  private watchFaults(): void {
    const { trace } = this.world;
    for (const kind of ['hw.advanced', 'fault.kill', 'fault.stop', 'quorum.committed'] as const) {
      trace.subscribe(kind, () => this.changedIn >= 0 && this.stepEnded());
    }
    trace.subscribe('log.truncated', (event, _timeUs, node, partition) => {
      const name = this.world.nodes[node - 1]?.name;
      if (name === undefined) return;
      this.stepEnded();
      const log = this.witness.logs.of(name, partition as string);
      log.toldCut(event);
      // Whoever finds something amiss in it finds that behind the cut, not before.
      const cut = this.cut.get(log);
      if (cut?.changed === true) cut.event = event;
    });
    trace.subscribe('fault.disk', (event, _timeUs, _node, target, fault, _path, value) => {
      const node = target as string;
      if (fault === 'lost flush' && value === 1) this.lyingDisks.add(node);
      if (fault === 'lost') this.witness.blamer.diskGone(node, event);
      if (fault === 'misdirected write') {
        this.witness.damaged(node, event, { fault: 'a misdirected write', silently: true });
      }
    });
  }

  private restored(node: string, why: RestoredWhy): void {
    this.stepEnded();
    const event = this.world.events;
    const damaged = (fault: string, silently: boolean): void =>
      this.witness.damaged(node, event, { fault, silently });
    if (why === 'rot') damaged('bit rot', true);
    if (why === 'disk') {
      damaged('a lost disk', false);
      this.witness.blamer.diskReplaced(node, event);
    }
    if (why === 'power' && this.lyingDisks.has(node)) damaged('lost flushes', true);
    if (this.world.node(node).role === 'client') return;
    if (why === 'disk') this.witness.forgetFormer(node);
    this.witness.logs.restored(node, why, event);
    for (const replica of this.witness.replicasOn(node)) {
      // An empty log begins anew; where another begins is told when it is loaded.
      if (why !== 'rot' && replica.log.batchCount === 0) replica.logStartOffset = 0;
      const shrank = replica.log.hasShrunk;
      if (shrank && replica.lossyAt < 0) replica.lossyAt = event;
    }
    this.allOf(node);
  }

  private flushed(node: string, path: string, size: number): void {
    const { logs } = this.witness;
    logs.flushed(node, path, size);
    if (!path.includes(METADATA_LOG)) return;
    const end = logs.endWithin(node, path, size);
    if (end === null) return;
    const { process } = this.witness.replica(node, METADATA_LOG);
    process.metadataFlushedTo = Math.max(process.metadataFlushedTo, end);
  }

  private allOf(node: string): void {
    const event = this.world.events;
    for (const { log } of this.witness.replicasOn(node)) this.shrank(log, event);
  }

  private shrank(log: ReplicaLog, event: number): void {
    if (!log.hasShrunk) return;
    const replica = this.witness.replica(log.node, log.partition);
    if (log.partition === METADATA_LOG) {
      const { process } = replica;
      process.metadataFlushedTo = Math.min(process.metadataFlushedTo, this.witness.endOf(replica));
    }
    const fromOffset = log.changedFrom;
    this.witness.settled(replica);
    this.witness.unanswered.shrank(log.partition, event);
    for (const check of this.checks) check.logShrank?.(replica, event, fromOffset);
    this.wasCut(replica, event, fromOffset);
  }

  private wasCut({ log, partition }: ReplicaWatch, event: number, fromOffset: number): void {
    if (fromOffset >= partition.committed.trueHighWatermark) return;
    const known = this.cut.get(log)?.fromOffset ?? Number.POSITIVE_INFINITY;
    const lowest = Math.min(known, fromOffset);
    this.cut.set(log, { fromOffset: lowest, event, changed: true });
    this.changedIn = this.world.steps;
  }

  private wroteTo(node: string): void {
    for (const [log, cut] of this.cut) {
      if (log.node !== node) continue;
      // A cut is of the event that tells of it next, and files may be written before that one.
      cut.event = Math.max(cut.event, this.world.events);
      cut.changed = true;
      this.changedIn = this.world.steps;
    }
  }

  /** Called before anything of another step is taken in. */
  private stepEnded(): void {
    if (this.changedIn < 0 || this.changedIn === this.world.steps) return;
    this.changedIn = -1;
    for (const [log, cut] of this.cut) {
      if (!cut.changed) continue;
      cut.changed = false;
      const replica = this.witness.replica(log.node, log.partition);
      const { trueHighWatermark } = replica.partition.committed;
      if (this.witness.agreesUpTo(replica, trueHighWatermark) >= trueHighWatermark) {
        this.cut.delete(log);
      } else for (const check of this.checks) check.logWasCut?.(replica, cut.event, cut.fromOffset);
    }
  }
}
