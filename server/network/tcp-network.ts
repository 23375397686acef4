/** The network of one boot of a node: real TCP. What a step does takes effect when it is over. */
import { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { assert } from '../../kafka/base/assert.ts';
import type {
  Address,
  ConnectionId,
  DisconnectReason,
  Network,
  NodeInput,
} from '../../kafka/host.ts';
import { Connection, type ConnectionEvents, type Securing } from './connection.ts';
import type { LinkMap } from './link-map.ts';
import type { ListeningPort } from './listening-port.ts';
import { certificateName } from './tls.ts';

export interface NetworkParts {
  readonly name: string;
  readonly listeners: Readonly<Record<string, ListeningPort>>;
  /** null: every address is reached as it is called. */
  readonly links: LinkMap | null;
  /** TLS of the connections that the node asks for; null: none. */
  readonly securing: Securing | null;
  give(input: NodeInput): void;
  /** Of a client that TLS did not let in. */
  refused(listener: string, host: string, why: string): void;
  /** Told of every connection before anything passes; link faults begin here. */
  opened(connection: Connection): void;
}

export class TcpNetwork implements Network, ConnectionEvents {
  bytesIn = 0;
  bytesOut = 0;
  private readonly parts: NetworkParts;
  private readonly connections = new Map<ConnectionId, Connection>();
  private nextId = 1;
  private closedForGood = false;
  private frozen = false;
  /** Of the step under way. */
  private readonly listens: string[] = [];
  private readonly connects: Connection[] = [];
  private readonly sends: Connection[] = [];
  private readonly closes: Connection[] = [];

  constructor(parts: NetworkParts) {
    this.parts = parts;
  }

  // The node's side.

  listen(listener: string): void {
    const known = this.parts.listeners[listener] !== undefined;
    assert(known, `${this.parts.name} has no listener '${listener}'`);
    this.listens.push(listener);
  }

  connect(address: Address): ConnectionId {
    const connection = this.add(new Socket(), address, true);
    this.connects.push(connection);
    return connection.id;
  }

  send(connection: ConnectionId, bytes: Uint8Array): void {
    const own = this.connections.get(connection);
    if (own === undefined || !own.takesSends || bytes.length === 0) return;
    this.bytesOut += bytes.length;
    if (own.send(bytes)) this.sends.push(own);
  }

  close(connection: ConnectionId): void {
    const own = this.connections.get(connection);
    if (own === undefined || !own.takesSends) return;
    own.closeByNode();
    this.closes.push(own);
  }

  bufferedBytes(connection: ConnectionId): number {
    const own = this.connections.get(connection);
    return own?.takesSends === true ? own.bufferedBytes : 0;
  }

  mute(connection: ConnectionId): void {
    const own = this.connections.get(connection);
    if (own?.takesSends === true) own.mute(true);
  }

  unmute(connection: ConnectionId): void {
    const own = this.connections.get(connection);
    if (own?.takesSends === true) own.mute(false);
  }

  // The world's side.

  /** The step is over. */
  apply(): void {
    const { listens, connects, sends, closes } = this;
    while (listens.length > 0) this.startListening(listens.pop() as string);
    for (const connection of connects) {
      this.parts.opened(connection);
      connection.connect();
    }
    connects.length = 0;
    for (const connection of sends) connection.flush();
    sends.length = 0;
    for (const connection of closes) connection.end();
    closes.length = 0;
  }

  private startListening(listener: string): void {
    const port = this.parts.listeners[listener] as ListeningPort;
    port.accept(
      (socket) => this.accepted(socket, listener),
      (host, why) => this.parts.refused(listener, plainHost(host), why),
    );
  }

  private accepted(socket: Socket, listener: string): void {
    const { remoteAddress, remotePort } = socket;
    if (this.closedForGood || remoteAddress === undefined || remotePort === undefined) {
      socket.destroy();
      return;
    }
    const peer = { host: plainHost(remoteAddress), port: remotePort };
    const connection = this.add(socket, peer, false);
    if (this.frozen) connection.freeze(true);
    this.parts.opened(connection);
    const certificate = socket instanceof TLSSocket ? certificateName(socket) : undefined;
    const shown = certificate === undefined ? {} : { certificate };
    this.parts.give({ kind: 'accepted', connection: connection.id, listener, peer, ...shown });
  }

  private add(socket: Socket, peer: Address, initiator: boolean): Connection {
    const id = this.nextId as ConnectionId;
    this.nextId += 1;
    const way = (initiator ? this.parts.links?.way(peer) : null) ?? peer;
    const securing = initiator ? this.parts.securing : null;
    const connection = new Connection({ id, peer, way, initiator, socket, securing }, this);
    this.connections.set(id, connection);
    return connection;
  }

  /** Those that are not wholly gone. */
  all(): Iterable<Connection> {
    return this.connections.values();
  }

  get openCount(): number {
    return this.connections.size;
  }

  /** Whether an input about it still means something to the node. */
  isOpen(connection: ConnectionId): boolean {
    return this.connections.get(connection)?.state === 'open';
  }

  freeze(frozen: boolean): void {
    this.frozen = frozen;
    for (const connection of this.connections.values()) connection.freeze(frozen);
  }

  /** The process is gone: orderly ends after an exit, resets after a kill. */
  shut(how: 'exit' | 'kill'): void {
    this.closedForGood = true;
    for (const port of Object.values(this.parts.listeners)) port.release();
    for (const connection of [...this.connections.values()]) {
      if (how === 'kill' || connection.state === 'connecting') connection.reset();
      else if (connection.takesSends) {
        connection.closeByNode();
        connection.end();
      }
    }
  }

  // What connections tell.

  connected(connection: Connection): void {
    this.parts.give({ kind: 'connected', connection: connection.id });
  }

  drained(connection: Connection): void {
    this.parts.give({ kind: 'drained', connection: connection.id });
  }

  received(connection: Connection, bytes: Uint8Array): void {
    this.bytesIn += bytes.length;
    this.parts.give({ kind: 'received', connection: connection.id, bytes });
  }

  disconnected(connection: Connection, reason: DisconnectReason): void {
    if (!this.closedForGood) {
      this.parts.give({ kind: 'disconnected', connection: connection.id, reason });
    }
  }

  gone(connection: Connection): void {
    this.connections.delete(connection.id);
  }
}

/** One that comes over IPv4 to a socket for both kinds is called by its own address. */
function plainHost(address: string): string {
  return address.replace(/^::ffff:/, '');
}
