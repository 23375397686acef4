/**
 * A client node in this process that talks to a cluster anywhere: admin client, producer or
 * consumer, with their commands as promises. It remembers which addresses could be reached.
 */
import type { ClientCommand, CommandResult } from '../../kafka/client/commands.ts';
import type { Codecs, Host, Node } from '../../kafka/host.ts';
import { MemoryDisk } from '../disk/memory-disk.ts';
import type { Connection } from '../network/connection.ts';
import { type Ended, NodeProcess } from '../node-process.ts';

export interface RemoteClientParts {
  readonly name: string;
  readonly config: Readonly<Record<string, string>>;
  readonly codecs: Codecs;
  readonly create: (host: Host, config: Record<string, string>) => Node;
}

/** Of one `host:port`: under way, `null` when a connection came up, else why the last one did not. */
export type Reached = 'connecting' | null | { readonly code: string };

export class RemoteClient {
  /** By `host:port`, in order of first use. */
  readonly addresses = new Map<string, Reached>();
  private readonly process: NodeProcess;
  private broken: unknown = null;

  /** Begins to connect at once. The configuration must be valid. */
  constructor(parts: RemoteClientParts) {
    this.process = new NodeProcess({
      ...parts,
      listeners: {},
      disk: new MemoryDisk(),
      told: () => undefined,
      opened: (connection) => this.watch(connection),
      ended: (ended) => this.ended(ended),
    });
  }

  /** Rejects when the client itself is broken; whatever the cluster says is a result. */
  async ask(command: ClientCommand): Promise<CommandResult> {
    const result = await new Promise<CommandResult>((resolve) => this.start(command, resolve));
    if (this.broken !== null) throw this.broken;
    return result;
  }

  /** The same without a promise for each, for many. */
  start(command: ClientCommand, answered: (result: CommandResult) => void): void {
    this.process.command(command, answered);
  }

  /** Finishes what is under way for at most `timeoutMs` and ends the client. */
  async close(timeoutMs: number): Promise<void> {
    if (this.process.state === 'ended') return;
    await this.ask({ kind: 'close', timeoutMs });
    this.process.kill();
  }

  kill(): void {
    this.process.kill();
  }

  private ended(ended: Ended): void {
    if (ended.how === 'broken') this.broken = ended.error;
  }

  private watch({ peer, socket }: Connection): void {
    const address = `${peer.host.includes(':') ? `[${peer.host}]` : peer.host}:${peer.port}`;
    if (this.addresses.get(address) !== null) this.addresses.set(address, 'connecting');
    socket.once('connect', () => this.addresses.set(address, null));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (this.addresses.get(address) === null) return;
      this.addresses.set(address, { code: error.code ?? error.message });
    });
  }
}
