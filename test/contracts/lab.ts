/**
 * What a world must offer so that the host contract can be run against it: the simulator and the
 * real server. `settle` may be asynchronous; nothing else is.
 */
import type { ClientCommand, CommandResult } from '../../kafka/client/commands.ts';
import type { Address, Host, Node, NodeInput } from '../../kafka/host.ts';

export interface HostLab {
  /** Adds and starts a node whose listener, if any, is called `PLAINTEXT`. */
  start(name: string, create: (host: Host) => Node, options?: { listens?: boolean }): void;
  address(name: string): Address;
  /** An address of a running host at which nobody listens. */
  closedAddress(name: string): Address;
  command(name: string, command: ClientCommand, answered: (result: CommandResult) => void): void;
  /** Lets `ms` of time pass. */
  settle(ms: number): void | Promise<void>;
  /** Asks a node to stop (SIGTERM). */
  stop(name: string): void;
  /** Errors that came out of steps. */
  failures(): string[];
  dispose(): void | Promise<void>;
}

/** A node made of one function; it notices when it is re-entered and keeps what it was told. */
export class Probe implements Node {
  wakeAtMs = Number.POSITIVE_INFINITY;
  readonly inputs: NodeInput[] = [];
  reentered = false;
  private inside = false;
  private readonly act: (input: NodeInput, probe: Probe) => void;

  constructor(act: (input: NodeInput, probe: Probe) => void) {
    this.act = act;
  }

  step(input: NodeInput): void {
    if (this.inside) this.reentered = true;
    this.inside = true;
    this.inputs.push(input);
    this.act(input, this);
    this.inside = false;
  }

  kinds(): string[] {
    return this.inputs.map((input) => input.kind);
  }

  /** All bytes received on any connection, in order. */
  received(): Uint8Array {
    const pieces = this.inputs.flatMap((input) => (input.kind === 'received' ? [input.bytes] : []));
    return Uint8Array.from(pieces.flatMap((piece) => [...piece]));
  }

  reasons(): string[] {
    return this.inputs.flatMap((input) => (input.kind === 'disconnected' ? [input.reason] : []));
  }
}
