/**
 * A world as a run needs it: nodes that can be started, told something, broken, and heard. The
 * laboratory (`world.ts`) is one; the other is made of processes of the operating system, and time
 * passes there by itself (`real/`).
 */
import type { NodeHandle } from './process/node-spec.ts';
import type { World } from './world.ts';

/** What both worlds know of a node; its disk and its memory are the laboratory's alone. */
export type RunNode = Omit<NodeHandle, 'disk' | 'node'> & {
  /** null when it is not running. */
  readonly node: object | null;
};

/** Acts on processes and links that the operating system has, too. */
type Acts =
  | 'start'
  | 'stop'
  | 'kill'
  | 'pause'
  | 'resume'
  | 'cut'
  | 'heal'
  | 'delay'
  | 'slowLink'
  | 'resetConnections'
  | 'restoreNetwork';

type Line = 'schedule' | 'scheduleFirst' | 'afterEvent' | 'command' | 'random';

type Told = 'nowUs' | 'events' | 'frames' | 'failures' | 'trace' | 'digest' | 'traceHash';

export interface RunWorld extends Pick<World, Acts | Line | Told> {
  readonly nodes: readonly RunNode[];
  node(name: string): RunNode;
  /** null: time passes by itself, and who waits for something looks again and again. */
  readonly runUntil: World['runUntil'] | null;
}
