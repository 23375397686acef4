/** Brings nodes back: at once, after a while, or as soon as a controlled shutdown has ended. */
import type { RunWorld } from '../run-world.ts';

export class Processes {
  private readonly world: RunWorld;
  /** Nodes to start again as soon as they have ended. */
  private readonly startOnExit = new Set<string>();

  constructor(world: RunWorld) {
    this.world = world;
    const ended = (_event: number, timeUs: number, node: number): void => {
      const name = world.nodes[node - 1]?.name ?? '';
      if (!this.startOnExit.delete(name)) return;
      world.schedule(timeUs, `start ${name} again`, () => this.start(name));
    };
    world.trace.subscribe('node.exited', ended);
    world.trace.subscribe('node.halted', ended);
  }

  isUp(name: string): boolean {
    const { state } = this.world.node(name);
    return state === 'running' || state === 'paused' || state === 'stopping';
  }

  /** Starts a node that is down; one that is stopping as soon as it has ended. */
  start(name: string): void {
    const { state } = this.world.node(name);
    if (state === 'stopping') this.startOnExit.add(name);
    else if (state === 'down' || state === 'halted') this.world.start(name);
  }

  stop(name: string): void {
    if (this.world.node(name).state === 'running') this.world.stop(name);
  }

  restart(name: string): void {
    if (this.world.node(name).state !== 'running') return;
    this.startOnExit.add(name);
    this.world.stop(name);
  }

  kill(name: string): void {
    if (this.isUp(name)) this.world.kill(name);
  }

  resume(name: string): void {
    if (this.world.node(name).state === 'paused') this.world.resume(name);
  }

  startAfter(names: readonly string[], afterMs: number): void {
    const atUs = this.world.nowUs + afterMs * 1_000;
    for (const name of names) {
      this.world.schedule(atUs, `start ${name} again`, () => this.start(name));
    }
  }

  /** Whatever was done to it: afterwards it runs, or will when its shutdown has ended. */
  bringBack(name: string): void {
    this.resume(name);
    this.start(name);
  }
}
