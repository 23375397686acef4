/** How faults strike in the laboratory: every verb, and everything made whole again at the end. */
import type { World } from '../world.ts';
import { findsNoProcess } from './common-verbs.ts';
import type { FaultActs } from './fault-acts.ts';
import { Lasting } from './lasting.ts';
import { type Doors, flippableFiles, perform } from './perform.ts';
import { Processes } from './processes.ts';
import { type Strike, struckNodes } from './strike.ts';
import type { FaultSpec } from './verbs.ts';

export class LabFaults implements FaultActs {
  private readonly world: World;
  private readonly doors: Doors;
  /** Nodes started once more after healing because a log directory had failed. */
  private readonly triedAgain = new Set<string>();
  /** Nodes whose process has lost a log directory and goes on without it. */
  private readonly withoutDirectory = new Set<string>();
  private over = false;

  constructor(world: World) {
    this.world = world;
    const processes = new Processes(world);
    this.doors = { world, processes, lasting: new Lasting(), holds: new Map() };
    this.watchDirectories();
  }

  perform(strike: Strike): void {
    perform(strike, this.doors);
  }

  findsNothing(spec: FaultSpec, nodes: readonly string[]): boolean {
    if (!('flipBit' in spec)) return findsNoProcess(spec, nodes, this.doors.processes);
    return nodes.some((node) => flippableFiles(this.world, node, spec.file).length === 0);
  }

  healAll(strikes: readonly Strike[]): void {
    this.over = true;
    const { world } = this;
    world.restoreNetwork();
    for (const node of world.nodes) {
      world.disarmCrash(node.name);
      // Its process can do nothing but find out; the next one begins on an empty disk.
      if (node.disk.lost) world.kill(node.name);
      world.clearDiskFaults(node.name);
      world.slowCpu(node.name, 1);
    }
    for (const strike of strikes) {
      if (strike.verb !== 'driftClock') continue;
      for (const node of struckNodes(strike)) world.clockDrift(node, 0);
    }
    for (const node of world.nodes) {
      if (node.bootCount > 0) this.doors.processes.bringBack(node.name);
      if (this.withoutDirectory.has(node.name)) this.doors.processes.restart(node.name);
    }
  }

  /** A log directory that failed once is not used again before the broker is restarted. */
  private watchDirectories(): void {
    const { world } = this;
    world.trace.subscribe('log.dir.failed', (_event, timeUs, node) => {
      const name = world.nodes[node - 1]?.name ?? '';
      this.withoutDirectory.add(name);
      // Once: what fails again with all faults gone is spoiled, and would fail for ever.
      if (!this.over || this.triedAgain.has(name)) return;
      this.triedAgain.add(name);
      world.schedule(timeUs, '', () => this.doors.processes.restart(name));
    });
    world.trace.subscribe('fault.start', (_event, _timeUs, _node, target) => {
      this.withoutDirectory.delete(target as string);
    });
  }
}
