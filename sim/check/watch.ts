/**
 * Feeds the witness and the checks while a run goes on: what is written to disks and what nodes
 * tell, in the order of events.
 */
import { brokerIds } from '../cluster/cluster-view.ts';
import { brokerName } from '../cluster/names.ts';
import type { RestoredWhy } from '../disk/watch.ts';
import type { World } from '../world.ts';
import type { Check, HighWatermarkEvent } from './check.ts';
import type { Witness } from './witness.ts';

type HighWatermarkListener = Check & Required<Pick<Check, 'highWatermark'>>;

/** After one of these a send that waits for no answer may be lost with its connection. */
const DISTURBING = [
  'fault.stop',
  'fault.kill',
  'fault.powerCut',
  'fault.pause',
  'fault.crashInStep',
  'fault.cut',
  'fault.stall',
  'fault.delay',
  'fault.slowLink',
  'fault.resetConnections',
  'fault.hold',
  'fault.clockJump',
  'fault.clockDrift',
  'produce.refused',
] as const;

/** Create it before anything is started: it must see every write. */
export class Watch {
  private readonly world: World;
  private readonly witness: Witness;
  private readonly checks: readonly Check[];
  private readonly listening: readonly HighWatermarkListener[];
  private readonly seen: HighWatermarkEvent;
  /** Nodes whose disks answered a flush and made nothing durable. */
  private readonly lyingDisks = new Set<string>();

  constructor(world: World, witness: Witness, checks: readonly Check[]) {
    this.world = world;
    this.witness = witness;
    this.checks = checks;
    this.listening = checks.filter(listensToHighWatermarks);
    const replica = witness.replica('', '');
    this.seen = { event: 0, replica, highWatermark: 0, leaderEpoch: 0, role: '' };
    this.watchDisks();
    this.watchController();
    this.watchReplicas();
  }

  private nodeName(traceNode: number): string {
    return this.world.nodes[traceNode - 1]?.name ?? 'lab';
  }

  private watchDisks(): void {
    const { logs } = this.witness;
    const { world } = this;
    world.disks.subscribe({
      wrote: (node, path, position, bytes) => {
        logs.wrote(node, path, position, bytes, world.events);
      },
      truncated: (node, path, size) => logs.truncated(node, path, size, world.events),
      renamed: (node, from, to) => logs.renamed(node, from, to, world.events),
      removed: (node, path) => logs.removed(node, path, world.events),
      restored: (node, why) => this.restored(node, why),
    });
    world.trace.subscribe('fault.disk', (event, _timeUs, _node, target, fault, _path, value) => {
      const node = target as string;
      if (fault === 'lost flush' && value === 1) this.lyingDisks.add(node);
      if (fault === 'misdirected write') {
        this.witness.damaged(node, event, { fault: 'a misdirected write', silently: true });
      }
    });
  }

  private restored(node: string, why: RestoredWhy): void {
    const event = this.world.events;
    if (this.world.node(node).role === 'broker') this.witness.logs.restored(node, why, event);
    const damaged = (fault: string, silently: boolean): void =>
      this.witness.damaged(node, event, { fault, silently });
    if (why === 'rot') damaged('bit rot', true);
    if (why === 'disk') damaged('a lost disk', false);
    if (why === 'power' && this.lyingDisks.has(node)) damaged('lost flushes', true);
  }

  private watchController(): void {
    const { trace } = this.world;
    const { elections } = this.witness;
    const members = (partition: string, event: number, isr: string, elr: string): void => {
      elections.membersChanged(partition, event, brokerIds(`${isr},${elr}`).map(brokerName));
    };
    trace.subscribe(
      'leader.elected',
      (event, timeUs, _node, partition, leader, epoch, isr, elr, how) => {
        const elected = {
          event,
          partition: partition as string,
          leader: (leader as number) < 0 ? null : brokerName(leader as number),
          leaderEpoch: epoch as number,
        };
        for (const check of this.checks) check.leaderElected?.(elected);
        const watch = this.witness.partition(elected.partition);
        // A controller tells its newest decisions again when it restarts.
        if (elected.leaderEpoch <= (watch.current?.leaderEpoch ?? -1)) return;
        const election = { ...elected, timeUs, how: how as string };
        elections.add(elected.partition, election);
        members(elected.partition, event, isr as string, elr as string);
        watch.current = election;
        watch.leading = false;
      },
    );
    trace.subscribe('isr.changed', (event, _t, _node, name, isr, elr, partitionEpoch) => {
      const watch = this.witness.partition(name as string);
      if ((partitionEpoch as number) < watch.partitionEpoch) return;
      watch.partitionEpoch = partitionEpoch as number;
      members(watch.name, event, isr as string, elr as string);
    });
  }

  private watchReplicas(): void {
    const { trace } = this.world;
    const { witness } = this;
    for (const kind of ['node.crashed', 'node.exited', 'node.halted', 'node.broken'] as const) {
      trace.subscribe(kind, (_event, _timeUs, node) => witness.ended(this.nodeName(node)));
    }
    const disturbed = (event: number): void => {
      witness.disturbedAt = Math.min(witness.disturbedAt, event);
    };
    for (const kind of DISTURBING) trace.subscribe(kind, disturbed);
    // Healing tells these two as well, with the values of a sound node.
    trace.subscribe('fault.slowCpu', (event, _timeUs, _node, _target, factorMilli) => {
      if (factorMilli !== 1_000) disturbed(event);
    });
    trace.subscribe('fault.disk', (event, _timeUs, _node, _target, fault) => {
      if (fault !== 'none') disturbed(event);
    });
    for (const kind of ['fault.kill', 'fault.powerCut'] as const) {
      trace.subscribe(kind, (_event, _timeUs, _node, target) => witness.ended(target as string));
    }
    trace.subscribe('leader.started', (event, _timeUs, node, partition, epoch, startOffset) => {
      this.leaderStarted(event, this.nodeName(node), {
        partition: partition as string,
        leaderEpoch: epoch as number,
        epochStartOffset: startOffset as number,
      });
    });
    trace.subscribe('hw.advanced', (event, _timeUs, node, partition, offset, epoch, role) => {
      const { seen } = this;
      seen.event = event;
      seen.replica = witness.replica(this.nodeName(node), partition as string);
      seen.highWatermark = offset as number;
      seen.leaderEpoch = epoch as number;
      seen.role = role as string;
      this.highWatermark(seen);
    });
    trace.subscribe('log.recovered', (_event, _timeUs, node, partition, startOffset, endOffset) => {
      const replica = witness.replica(this.nodeName(node), partition as string);
      replica.logStartOffset = startOffset as number;
      replica.highWatermark = Math.min(replica.highWatermark, endOffset as number);
    });
    trace.subscribe('log.started', (_event, _timeUs, node, partition, offset) => {
      witness.replica(this.nodeName(node), partition as string).logStartOffset = offset as number;
      const { logStartOffsets } = witness.blamer;
      const highest = logStartOffsets.get(partition as string) ?? 0;
      logStartOffsets.set(partition as string, Math.max(highest, offset as number));
    });
  }

  private leaderStarted(
    event: number,
    node: string,
    told: { partition: string; leaderEpoch: number; epochStartOffset: number },
  ): void {
    const { witness } = this;
    const { log, partition } = witness.replica(node, told.partition);
    const { current, committed } = partition;
    const legitimate = current?.leader === node && current.leaderEpoch === told.leaderEpoch;
    const { trueHighWatermark } = committed;
    const differs = committed.firstDifference(log, 0, trueHighWatermark);
    const agreesUpTo = Math.min(
      trueHighWatermark,
      told.epochStartOffset,
      differs < 0 ? trueHighWatermark : differs,
    );
    witness.elections.started(told.partition, told.leaderEpoch);
    const started = { ...told, event, node, legitimate, agreesUpTo };
    for (const check of this.checks) check.leaderStarted?.(started);
    if (!legitimate) return;
    committed.cut(agreesUpTo);
    partition.leading = true;
  }

  private highWatermark(seen: HighWatermarkEvent): void {
    const { replica, highWatermark } = seen;
    replica.highWatermark = highWatermark;
    const { current, committed } = replica.partition;
    const legitimate =
      seen.role === 'leader' &&
      current !== null &&
      current.leader === replica.node &&
      current.leaderEpoch === seen.leaderEpoch;
    // First what the leader adds to the committed log, then everybody against it.
    if (legitimate) committed.extend(replica.log, highWatermark);
    for (const check of this.listening) check.highWatermark(seen);
  }
}

function listensToHighWatermarks(check: Check): check is HighWatermarkListener {
  return check.highWatermark !== undefined;
}
