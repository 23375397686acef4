/** A client of the workload: our own client code on sockets, in this process. */
import { addressText } from '../kafka/base/address-text.ts';
import type { ClientCommand, CommandResult } from '../kafka/client/commands.ts';
import type { Codecs } from '../kafka/host.ts';
import { MemoryDisk } from '../server/disk/memory-disk.ts';
import type { Connection } from '../server/network/connection.ts';
import type { LinkMap } from '../server/network/link-map.ts';
import { type Ended, NodeProcess } from '../server/node-process.ts';
import type { NodeSpec } from '../sim/process/node-spec.ts';
import type { ClientLayout } from './layout.ts';
import { type Hub, RealNode } from './node.ts';

export class ClientNode extends RealNode {
  private readonly spec: NodeSpec;
  private readonly links: LinkMap;
  private readonly codecs: Codecs;
  private process: NodeProcess | null = null;

  constructor({ spec, links }: ClientLayout, index: number, parts: { hub: Hub; codecs: Codecs }) {
    super(spec, index, parts.hub);
    this.spec = spec;
    this.links = links;
    this.codecs = parts.codecs;
  }

  /** `answered` is called once for each record of a `send`, with its place; never after a death. */
  ask(command: ClientCommand, answered: (result: CommandResult, place: number) => void): void {
    const { process } = this;
    process?.command(command, (result, place) => {
      if (process.state !== 'ended') answered(result, place);
    });
  }

  protected boot(): void {
    const boot = this.bootCount;
    this.process = new NodeProcess({
      name: this.name,
      config: this.config,
      listeners: {},
      disk: new MemoryDisk(),
      links: this.links,
      codecs: this.codecs,
      create: this.spec.create,
      told: (kind, fields) => this.hub.told(this, kind, fields),
      opened: (connection) => this.watch(connection),
      ended: (ended) => {
        if (boot === this.bootCount && this.isUp) this.processEnded(ended);
      },
    });
  }

  private watch({ socket, peer, id }: Connection): void {
    socket.once('close', () => {
      this.hub.tell('input.disconnected', this, addressText(peer), id, 'closed');
    });
  }

  private processEnded(ended: Ended): void {
    this.process = null;
    if (ended.how === 'halted') this.ended({ kind: 'halted', said: ended.reason });
    else if (ended.how === 'broken') this.ended({ kind: 'broken', said: wordsOf(ended.error) });
    else this.ended({ kind: 'exited' });
  }

  protected shutDown(): void {
    this.process?.stop();
  }

  protected end(): void {
    this.process?.kill();
    this.process = null;
  }

  protected freeze(frozen: boolean): void {
    if (frozen) this.process?.pause();
    else this.process?.resume();
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
