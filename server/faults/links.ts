/**
 * Links between nodes of one process that a test cuts or slows, and between a node and all clients
 * outside. Both directions of a connection are handled at one end: where it was asked for, or, for
 * clients, where it was accepted.
 */
import type { Machine } from '../cluster/machine.ts';
import type { Connection } from '../network/connection.ts';
import { type LinkState, LinkWay, wholeLink } from '../network/link-way.ts';

/** Stands for every client that is no node of the cluster. */
export const CLIENTS = 'clients';

interface Link {
  readonly state: LinkState;
  readonly ways: Set<LinkWay>;
}

export class Links {
  private readonly machines: () => readonly Machine[];
  /** By `from>to`. */
  private readonly links = new Map<string, Link>();
  private readonly under = new WeakSet<Connection>();

  /** @param machines all nodes of the cluster, and its own clients. */
  constructor(machines: () => readonly Machine[]) {
    this.machines = machines;
  }

  /** Changes what happens to bytes from one node to another from now on. */
  change(from: string, to: string, change: Partial<LinkState>): void {
    const link = this.link(from, to);
    Object.assign(link.state, change);
    for (const machine of this.machines()) {
      for (const connection of machine.process?.network.all() ?? []) {
        this.opened(machine, connection);
      }
    }
    for (const way of link.ways) way.changed();
  }

  /** Nothing is cut or slow any more. */
  heal(): void {
    for (const { state, ways } of this.links.values()) {
      Object.assign(state, wholeLink());
      for (const way of ways) way.changed();
    }
  }

  /** A connection begins; without a fault of its link it costs nothing. */
  opened(machine: Machine, connection: Connection): void {
    if (this.links.size === 0 || this.under.has(connection)) return;
    const peer = this.peerOf(connection);
    if (peer === null) return;
    this.under.add(connection);
    const out = this.way(machine.name, peer);
    const into = this.way(peer, machine.name);
    connection.follow(out.way, into.way);
    connection.socket.once('close', () => {
      out.link.ways.delete(out.way);
      into.link.ways.delete(into.way);
    });
  }

  private way(from: string, to: string): { link: Link; way: LinkWay } {
    const link = this.link(from, to);
    const way = new LinkWay(link.state);
    link.ways.add(way);
    return { link, way };
  }

  private link(from: string, to: string): Link {
    const key = `${from}>${to}`;
    const known = this.links.get(key);
    if (known !== undefined) return known;
    const link = { state: wholeLink(), ways: new Set<LinkWay>() };
    this.links.set(key, link);
    return link;
  }

  /** null: the other end of this connection looks after it. */
  private peerOf({ initiator, peer, socket }: Connection): string | null {
    if (initiator) {
      const target = this.machines().find(({ parts }) =>
        Object.values(parts.listeners).some((port) => port.port === peer.port),
      );
      return target?.name ?? null;
    }
    const isOurs = this.machines().some((machine) => {
      for (const one of machine.process?.network.all() ?? []) {
        if (one.initiator && one.socket.localPort === socket.remotePort) return true;
      }
      return false;
    });
    return isOurs ? null : CLIENTS;
  }
}
