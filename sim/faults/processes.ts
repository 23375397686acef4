/**
 * Brings nodes back: at once, after a while, or as soon as a controlled shutdown has ended. A node
 * that several faults took down comes back when the last of them gives it back.
 */
import type { RunWorld } from '../run-world.ts';

export class Processes {
  private readonly world: RunWorld;
  /** Nodes to start again as soon as they have ended. */
  private readonly startOnExit = new Set<string>();
  /** Paused nodes that were told to stop: a signal waits until the process goes on. */
  private readonly stopOnResume = new Set<string>();
  /** Crashes that are armed, and until when they keep their node down once they have struck. */
  private readonly armed = new Map<string, { readonly boot: number; readonly untilUs: number }>();
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
    const { state } = this.world.node(name);
    return state === 'running' || state === 'paused';
  }

  /** Starts a node that is down; one that is stopping, or will, as soon as it has ended. */
  start(name: string): void {
    this.downUntilUs.delete(name);
    const { state } = this.world.node(name);
    if (state === 'stopping' || this.stopOnResume.has(name)) this.startOnExit.add(name);
    else if (state === 'down' || state === 'halted') this.world.start(name);
  }

  /** One that is paused stops as soon as it is resumed. */
  stop(name: string): void {
    const { state } = this.world.node(name);
    if (state === 'running') this.world.stop(name);
    else if (state === 'paused') this.stopOnResume.add(name);
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
    if (this.world.node(name).state !== 'paused') return;
    this.world.resume(name);
    if (this.stopOnResume.delete(name)) this.world.stop(name);
  }

  /**
   * For a fault that just ended the process of a node: it stays down for so long, or for good, and
   * for longer where another fault says so. Any other start of the node ends that.
   */
  keepDown(name: string, forMs: number | undefined): void {
    const { world, downUntilUs } = this;
    this.startOnExit.delete(name);
    this.stopOnResume.delete(name);
    const untilUs = this.inMs(forMs);
    if (untilUs < (downUntilUs.get(name) ?? 0)) return;
    downUntilUs.set(name, untilUs);
    if (forMs === undefined) return;
    world.schedule(untilUs, `start ${name} again`, () => {
      if (downUntilUs.get(name) === untilUs) this.start(name);
    });
  }

  /** For a fault that did not end the process yet, and may never do: it keeps no node down. */
  startAfter(name: string, afterMs: number): void {
    const { world, downUntilUs } = this;
    const atUs = this.inMs(afterMs);
    world.schedule(atUs, `start ${name} again`, () => {
      if ((downUntilUs.get(name) ?? atUs) === atUs) this.start(name);
    });
  }

  /** As `keepDown`, for a crash that was just armed: from when it strikes this process, if it does. */
  keepDownOnceCrashed(name: string, forMs: number | undefined): void {
    const boot = this.world.node(name).bootCount;
    this.armed.set(name, { boot, untilUs: this.inMs(forMs) });
    if (forMs !== undefined) this.startAfter(name, forMs);
  }

  private crashed(name: string): void {
    const { world, downUntilUs, armed } = this;
    this.startOnExit.delete(name);
    const crash = armed.get(name);
    armed.delete(name);
    const isOfThis = crash !== undefined && crash.boot === world.node(name).bootCount;
    if (!isOfThis || crash.untilUs <= world.nowUs) return;
    downUntilUs.set(name, Math.max(crash.untilUs, downUntilUs.get(name) ?? 0));
  }

  private inMs(afterMs: number | undefined): number {
    return afterMs === undefined ? Number.POSITIVE_INFINITY : this.world.nowUs + afterMs * 1_000;
  }

  /** Whatever was done to it: afterwards it runs, or will when its shutdown has ended. */
  bringBack(name: string): void {
    this.resume(name);
    this.start(name);
  }
}
