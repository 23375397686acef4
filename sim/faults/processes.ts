/**
 * Brings nodes back: at once, after a while, or as soon as a controlled shutdown has ended. A node
 * that several faults took down comes back when the last of them gives it back.
 */
import type { RunWorld } from '../run-world.ts';

export class Processes {
  private readonly world: RunWorld;
  /** Nodes to start again as soon as they have ended. */
  private readonly startOnExit = new Set<string>();
  /** Which process of a node was told to stop, by its boot: it may be paused, and stop later. */
  private readonly toldToStop = new Map<string, number>();
  /** Crashes that are armed: for which boot, and how long they keep their node down; else for good. */
  private readonly armed = new Map<string, { readonly boot: number; readonly forMs?: number }>();
  /** Until when faults keep a node down; endless where one of them does not give it back. */
  private readonly downUntilUs = new Map<string, number>();

  constructor(world: RunWorld) {
    this.world = world;
    const ended = (_event: number, timeUs: number, node: number): void => {
      const name = world.nodes[node - 1]?.name ?? '';
      if (!this.startOnExit.delete(name)) return;
      world.schedule(timeUs, `start ${name} again`, () => this.start(name));
    };
    world.trace.subscribe('node.exited', ended);
    world.trace.subscribe('node.halted', ended);
    world.trace.subscribe('node.crashed', (_event, _timeUs, node) => {
      this.crashed(world.nodes[node - 1]?.name ?? '');
    });
  }

  isUp(name: string): boolean {
    const { state } = this.world.node(name);
    return state === 'running' || state === 'paused' || state === 'stopping';
  }

  /** It works, or will go on working when it is resumed; nothing ends it yet. */
  isStaying(name: string): boolean {
    return this.isUp(name) && this.toldToStop.get(name) !== this.world.node(name).bootCount;
  }

  /** Starts a node that is down; one that is stopping, or will, as soon as it has ended. */
  start(name: string): void {
    this.downUntilUs.delete(name);
    if (!this.isUp(name)) this.world.start(name);
    else if (!this.isStaying(name)) this.startOnExit.add(name);
  }

  /** One that is paused stops as soon as it is resumed. */
  stop(name: string): void {
    if (!this.isStaying(name)) return;
    this.toldToStop.set(name, this.world.node(name).bootCount);
    this.world.stop(name);
  }

  restart(name: string): void {
    if (!this.isStaying(name)) return;
    this.startOnExit.add(name);
    this.stop(name);
  }

  kill(name: string): void {
    if (this.isUp(name)) this.world.kill(name);
  }

  resume(name: string): void {
    if (this.world.node(name).state === 'paused') this.world.resume(name);
  }

  /**
   * For a fault that ended the process of a node, or told it to stop: it stays down for so long, or
   * for good, and for longer where another fault says so. Any other start of the node ends that.
   */
  keepDown(name: string, forMs: number | undefined): void {
    const { world, downUntilUs } = this;
    this.startOnExit.delete(name);
    const untilUs = forMs === undefined ? Number.POSITIVE_INFINITY : world.nowUs + forMs * 1_000;
    if (untilUs < (downUntilUs.get(name) ?? 0)) return;
    downUntilUs.set(name, untilUs);
    if (forMs === undefined) return;
    world.schedule(untilUs, `start ${name} again`, () => {
      if (downUntilUs.get(name) === untilUs) this.start(name);
    });
  }

  /** `keepDown` for a crash that was just armed: once it strikes this process, if it does. */
  keepDownOnceCrashed(name: string, forMs: number | undefined): void {
    const boot = this.world.node(name).bootCount;
    this.armed.set(name, forMs === undefined ? { boot } : { boot, forMs });
  }

  private crashed(name: string): void {
    const crash = this.armed.get(name);
    this.armed.delete(name);
    if (crash?.boot === this.world.node(name).bootCount) this.keepDown(name, crash.forMs);
    else this.startOnExit.delete(name);
  }

  /** Whatever was done to it: afterwards it runs, or will when its shutdown has ended. */
  bringBack(name: string): void {
    this.resume(name);
    this.start(name);
  }
}
