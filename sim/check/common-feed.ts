/**
 * Feeds the witness and the checks with what processes and clients go through: starts and ends,
 * faults, connections that break, positions of consumers, commits of groups. All of it is told in
 * every world, also where nobody sees the disks.
 */
import { ERRORS_END } from '../disk/faults.ts';
import type { RunWorld } from '../run-world.ts';
import type { TraceKind } from '../trace/table.ts';
import type { Check, ConsumerMoved } from './check.ts';
import type { Witness } from './witness.ts';

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
  'fault.flippedInFlight',
  'fault.clockJump',
  'fault.clockDrift',
  'produce.refused',
] as const satisfies readonly TraceKind[];

export class CommonFeed {
  private readonly world: RunWorld;
  private readonly witness: Witness;
  private readonly checks: readonly Check[];

  constructor(world: RunWorld, witness: Witness, checks: readonly Check[]) {
    this.world = world;
    this.witness = witness;
    this.checks = checks;
    this.watchProcesses();
    this.watchDisturbances();
    this.watchUnanswered();
    this.watchConsumers();
    witness.groups.watch(world);
  }

  private nodeName(traceNode: number): string {
    return this.world.nodes[traceNode - 1]?.name ?? 'lab';
  }

  private watchProcesses(): void {
    const { trace } = this.world;
    const { witness } = this;
    trace.subscribe('input.started', (event, _timeUs, node) => {
      const process = witness.node(this.nodeName(node));
      process.alive = true;
      process.startedAt = event;
      process.stopAsked = false;
      process.stoppedAt = -1;
    });
    for (const kind of ['node.crashed', 'node.exited', 'node.halted', 'node.broken'] as const) {
      trace.subscribe(kind, (event, _timeUs, node) => witness.ended(this.nodeName(node), event));
    }
    for (const kind of ['fault.kill', 'fault.powerCut'] as const) {
      trace.subscribe(kind, (event, _timeUs, _node, target) => {
        witness.ended(target as string, event);
      });
    }
    for (const kind of ['fault.stop', 'fault.pause'] as const) {
      trace.subscribe(kind, (event, _timeUs, _node, target) => {
        witness.node(target as string).stoppedAt = event;
      });
    }
    trace.subscribe('fault.stop', (_event, _timeUs, _node, target) => {
      witness.node(target as string).stopAsked = true;
    });
    trace.subscribe('fault.resume', (_event, _timeUs, _node, target) => {
      witness.node(target as string).stoppedAt = -1;
    });
  }

  private watchDisturbances(): void {
    const { trace } = this.world;
    const disturbed = (event: number): void => {
      this.witness.disturbedAt = Math.min(this.witness.disturbedAt, event);
    };
    for (const kind of DISTURBING) trace.subscribe(kind, disturbed);
    trace.subscribe('fault.clockJump', (_event, _timeUs, _node, target, wallMs) => {
      this.witness.clocks.jumped(target as string, wallMs as number);
    });
    trace.subscribe('fault.clockDrift', (_event, _timeUs, _node, target) => {
      this.witness.clocks.driftedAway(target as string);
    });
    // Healing tells these two as well, with the values of a sound node.
    trace.subscribe('fault.slowCpu', (event, _timeUs, _node, _target, factorMilli) => {
      if (factorMilli !== 1_000) disturbed(event);
    });
    trace.subscribe('fault.disk', (event, _timeUs, _node, target, fault) => {
      if (fault === 'none' || fault === ERRORS_END) return;
      disturbed(event);
      this.witness.node(target as string).stoppedAt = event;
    });
  }

  private watchUnanswered(): void {
    const { trace, nodes } = this.world;
    const { unanswered } = this.witness;
    for (const kind of ['input.disconnected', 'connection.closed'] as const) {
      trace.subscribe(kind, (event, _timeUs, node) => {
        const at = nodes[node - 1];
        if (at?.role === 'client') unanswered.connectionEnded(at.name, event);
      });
    }
    trace.subscribe('produce.refused', (event, _timeUs, _node, partition) => {
      unanswered.refused(partition as string, event);
    });
  }

  private watchConsumers(): void {
    const { trace, nodes } = this.world;
    const started = this.checks.filter((check) => check.clientStarted !== undefined);
    trace.subscribe('input.started', (event, _timeUs, node) => {
      if (nodes[node - 1]?.role !== 'client') return;
      for (const check of started) check.clientStarted?.(this.nodeName(node), event);
    });
    const moved = this.checks.filter((check) => check.consumerMoved !== undefined);
    trace.subscribe('consumer.position', (event, _timeUs, node, partition, ...rest) => {
      const [offset, how, leaderEpoch] = rest;
      const seen: ConsumerMoved = {
        event,
        client: this.nodeName(node),
        partition: partition as string,
        offset: offset as number,
        how: how as string,
        leaderEpoch: leaderEpoch as number,
        reset: nodes[node - 1]?.config['auto.offset.reset'] ?? 'latest',
      };
      for (const check of moved) check.consumerMoved?.(seen);
    });
  }
}
