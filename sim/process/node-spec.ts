/**
 * What the laboratory is told about a node and what it shows of one. A node is a process on a
 * machine of its own (same name), with one disk and one pair of clocks.
 */
import type { Host, Node } from '../../kafka/host.ts';
import type { SimDisk } from '../disk/disk.ts';

export type NodeRole = 'broker' | 'controller' | 'client';

export interface NodeSpec {
  /** Also its host name in addresses. */
  readonly name: string;
  readonly role: NodeRole;
  readonly config: Readonly<Record<string, string>>;
  /** Called once per boot, at the beginning of the step that runs `started`. */
  readonly create: (host: Host, config: Record<string, string>) => Node;
  /** Listener name → port; what `network.listen` may name. */
  readonly listeners: Readonly<Record<string, number>>;
}

/**
 * `down`: never started, stopped, killed or without power. `halted`: it gave up (`host.halt`) or
 * broke (an error came out of a step). Both can be started again.
 */
export type NodeState = 'down' | 'running' | 'paused' | 'stopping' | 'halted';

export interface NodeHandle {
  readonly name: string;
  /** 0, 1, 2 … in the order of `addNode`; the trace's node column is this + 1. */
  readonly index: number;
  readonly role: NodeRole;
  readonly config: Readonly<Record<string, string>>;
  readonly state: NodeState;
  /** The live object of the present boot, for checks and tests; null when not running. */
  readonly node: Node | null;
  /** It outlives the process; `loseDisk` empties it. */
  readonly disk: SimDisk;
  /** Boots so far. */
  readonly bootCount: number;
  /** false between a power cut and the next start. */
  readonly powered: boolean;
  /** Connections that its present process has open, both ends counted for one to itself. */
  readonly connectionCount: number;
  /** That its present process has sent and nobody has read yet. */
  readonly bytesUnderWay: number;
}

/** An error that came out of a node's step: our own mistake, never a simulated fault. */
export interface NodeFailure {
  readonly node: string;
  /** The trace event `node.broken`. */
  readonly event: number;
  readonly timeUs: number;
  readonly message: string;
  readonly stack: string;
}
