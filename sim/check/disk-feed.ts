/**
 * Feeds the witness with what happens on disks: writes, cuts, losses, flushes of the metadata log,
 * and faults that spoil what was acknowledged.
 */
import type { RestoredWhy } from '../disk/watch.ts';
import type { World } from '../world.ts';
import type { Check } from './check.ts';
import type { ReplicaLog, Write } from './replica-log.ts';
import { METADATA_LOG } from './replica-logs.ts';
import type { Witness } from './witness.ts';

export class DiskFeed {
  private readonly world: World;
  private readonly witness: Witness;
  private readonly checks: readonly Check[];
  /** Nodes whose disks answered a flush and made nothing durable. */
  private readonly lyingDisks = new Set<string>();

  constructor(world: World, witness: Witness, checks: readonly Check[]) {
    this.world = world;
    this.witness = witness;
    this.checks = checks.filter((check) => check.logShrank !== undefined);
    witness.logs.metadataWritten = (_log, { bytes, event }) => witness.control.wrote(bytes, event);
    this.watchDisks();
    this.watchFaults();
  }

  private watchDisks(): void {
    const { world, witness } = this;
    const { logs } = witness;
    const write: Write = { position: 0, bytes: new Uint8Array(0), event: 0 };
    world.disks.subscribe({
      wrote: (node, path, position, bytes) => {
        write.position = position;
        write.bytes = bytes;
        write.event = world.events;
        const spoilt = logs.wrote(node, path, write);
        if (spoilt !== null) this.allOf(node);
      },
      truncated: (node, path, size) => {
        const cut = logs.truncated(node, path, size, world.events);
        if (cut !== null) this.shrank(cut);
      },
      renamed: (node, from, to) => {
        if (logs.renamed(node, from, to, world.events)) this.allOf(node);
      },
      removed: (node, path) => {
        if (logs.removed(node, path, world.events)) this.allOf(node);
      },
      flushed: (node, path, size) => this.flushed(node, path, size),
      restored: (node, why) => this.restored(node, why),
    });
  }

  private watchFaults(): void {
    const { trace } = this.world;
    trace.subscribe('fault.disk', (event, _timeUs, _node, target, fault, _path, value) => {
      const node = target as string;
      if (fault === 'lost flush' && value === 1) this.lyingDisks.add(node);
      if (fault === 'misdirected write') {
        this.witness.damaged(node, event, { fault: 'a misdirected write', silently: true });
      }
    });
  }

  private restored(node: string, why: RestoredWhy): void {
    const event = this.world.events;
    const damaged = (fault: string, silently: boolean): void =>
      this.witness.damaged(node, event, { fault, silently });
    if (why === 'rot') damaged('bit rot', true);
    if (why === 'disk') damaged('a lost disk', false);
    if (why === 'power' && this.lyingDisks.has(node)) damaged('lost flushes', true);
    if (this.world.node(node).role === 'client') return;
    // The fault is told when its work is done.
    if (why === 'power') this.witness.node(node).alive = false;
    if (why === 'disk') this.witness.forgetFormer(node);
    this.witness.logs.restored(node, why, event);
    for (const replica of this.witness.replicasOn(node)) {
      const shrank = replica.log.hasShrunk;
      if (shrank && replica.lossyAt < 0) replica.lossyAt = event;
    }
    this.allOf(node);
  }

  private flushed(node: string, path: string, size: number): void {
    if (!path.includes(METADATA_LOG)) return;
    const flushed = this.witness.logs.flushed(node, path, size);
    if (flushed === null) return;
    const { process } = this.witness.replica(node, METADATA_LOG);
    process.metadataFlushedTo = Math.max(process.metadataFlushedTo, flushed.end);
  }

  private allOf(node: string): void {
    for (const { log } of this.witness.replicasOn(node)) this.shrank(log);
  }

  private shrank(log: ReplicaLog): void {
    if (!log.hasShrunk) return;
    const replica = this.witness.replica(log.node, log.partition);
    if (log.partition === METADATA_LOG) {
      const { process } = replica;
      process.metadataFlushedTo = Math.min(process.metadataFlushedTo, this.witness.endOf(replica));
    }
    const fromOffset = log.changedFrom;
    this.witness.settled(replica);
    for (const check of this.checks) check.logShrank?.(replica, this.world.events, fromOffset);
  }
}
