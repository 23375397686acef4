/**
 * One TCP connection of a node. What a step sends leaves as one write when the step is over;
 * what comes in is handed over as it comes. A link fault of a test may hold or delay either way.
 */
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { assert } from '../../kafka/base/assert.ts';
import {
  type Address,
  type ConnectionId,
  type DisconnectReason,
  HIGH_WATER_BYTES,
} from '../../kafka/host.ts';
import type { LinkWay } from './link-way.ts';

/** What a connection tells its node. */
export interface ConnectionEvents {
  connected(connection: Connection): void;
  drained(connection: Connection): void;
  received(connection: Connection, bytes: Uint8Array): void;
  disconnected(connection: Connection, reason: DisconnectReason): void;
  /** The socket is gone for good. */
  gone(connection: Connection): void;
}

/** Makes a TLS connection of one that has come up; its name is the host it was made to. */
export type Securing = (socket: Socket, host: string) => TLSSocket;

/** Who wants to know how a connection fares that this side asked for. */
export interface ConnectionWatcher {
  /** It has come up, with its TLS if it has that. */
  up(): void;
  received(bytes: Uint8Array): void;
  /** Not by this side. @param error '' for an orderly end */
  ended(error: string): void;
}

/** A closed connection whose peer does not take the last bytes is dropped after this. */
const LINGER_MS = 30_000;

const REASONS: Readonly<Record<string, DisconnectReason>> = {
  ECONNREFUSED: 'refused',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EADDRNOTAVAIL: 'unreachable',
  ETIMEDOUT: 'unreachable',
  ENOTFOUND: 'unreachable',
  EAI_AGAIN: 'unreachable',
};

export class Connection {
  readonly id: ConnectionId;
  readonly peer: Address;
  /** Where it is really made to; `peer`, unless a link map knows another way. */
  private readonly way: Address;
  /** This side asked for it. */
  readonly initiator: boolean;
  /** With TLS another one once it is up. */
  socket: Socket;
  watcher: ConnectionWatcher | null = null;
  private readonly securing: Securing | null;
  private cameUp = false;
  /** `closing`: its node closed it. `dead`: the node hears nothing of it any more. */
  state: 'connecting' | 'open' | 'closing' | 'dead';
  /** Sent in the step under way. */
  private pending: Uint8Array[] = [];
  private pendingBytes = 0;
  private wasHigh = false;
  private muted = false;
  private frozen = false;
  /** More was read than a cut or slow link lets through. */
  private overfull = false;
  private readonly events: ConnectionEvents;
  /** Faults of the link, of either way; null: none, which is the usual case. */
  private outWay: LinkWay | null = null;
  private inWay: LinkWay | null = null;
  private error = '';

  constructor(
    parts: {
      readonly id: ConnectionId;
      readonly peer: Address;
      readonly way: Address;
      readonly initiator: boolean;
      readonly socket: Socket;
      /** Of a connection that this side asks for; null: no TLS. */
      readonly securing: Securing | null;
    },
    events: ConnectionEvents,
  ) {
    this.id = parts.id;
    this.peer = parts.peer;
    this.way = parts.way;
    this.initiator = parts.initiator;
    this.socket = parts.socket;
    this.securing = parts.securing;
    this.events = events;
    this.state = parts.initiator ? 'connecting' : 'open';
    if (this.securing === null) this.listen();
    else this.listenUntilSecured();
  }

  /** Under TLS everything else is heard from the socket above. */
  private listenUntilSecured(): void {
    const { socket } = this;
    socket.on('error', (error) => this.failed(error));
    socket.on('close', () => {
      if (this.socket !== socket) return;
      this.ended(this.reason());
      this.events.gone(this);
    });
  }

  private failed(error: NodeJS.ErrnoException): void {
    this.error ||= error.code ?? error.message;
  }

  private listen(): void {
    const { socket, events } = this;
    socket.on('data', (data: Buffer) => {
      this.watcher?.received(data);
      // As a plain array of bytes: a Buffer's `slice` would share where ours copies.
      const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
      if (this.inWay === null) this.take(bytes);
      else this.takeThrough(this.inWay, bytes);
    });
    socket.on('drain', () => this.drained());
    socket.on('error', (error) => this.failed(error));
    socket.on('end', () => this.arrive(() => this.ended('closed')));
    socket.on('close', () => {
      this.outWay?.drop();
      const gone = (): void => {
        this.ended(this.reason());
        this.inWay?.drop();
        events.gone(this);
      };
      if (this.state === 'dead') gone();
      else this.arrive(gone);
    });
  }

  private drained(): void {
    if (!this.wasHigh || this.bufferedBytes > 0) return;
    this.wasHigh = false;
    if (this.state === 'open') this.events.drained(this);
  }

  /** What comes from the peer comes through the link. */
  private arrive(what: () => void): void {
    if (this.inWay === null) what();
    else this.inWay.pass(0, what);
  }

  private takeThrough(way: LinkWay, bytes: Uint8Array): void {
    way.pass(bytes.length, () => {
      this.take(bytes);
      if (this.overfull && way.heldBytes === 0) {
        this.overfull = false;
        this.readOrNot();
      }
    });
    if (way.heldBytes <= HIGH_WATER_BYTES) return;
    this.overfull = true;
    this.readOrNot();
  }

  private take(bytes: Uint8Array): void {
    if (this.state === 'open') this.events.received(this, bytes);
  }

  /** Sets out for the peer (the side that asks for it). */
  connect(): void {
    const { socket, way } = this;
    // An empty host is this machine.
    const host = way.host === '' ? '127.0.0.1' : way.host;
    const up = (): void => {
      if (this.state !== 'connecting') return;
      this.state = 'open';
      this.cameUp = true;
      this.watcher?.up();
      this.events.connected(this);
    };
    const connect = (): void => {
      if (this.state !== 'connecting') return;
      socket.connect({ host, port: way.port, noDelay: true, keepAlive: true }, () => {
        if (this.securing === null) this.arrive(up);
        else this.secure(this.securing, () => this.arrive(up));
      });
    };
    if (this.outWay === null) connect();
    else this.outWay.pass(0, connect);
  }

  private secure(securing: Securing, up: () => void): void {
    if (this.state !== 'connecting') return;
    const secured = securing(this.socket, this.peer.host);
    this.socket = secured;
    this.listen();
    this.readOrNot();
    secured.once('secureConnect', up);
  }

  private reason(): DisconnectReason {
    if (this.state === 'connecting') return REASONS[this.error] ?? 'unreachable';
    return this.error === '' ? 'closed' : 'reset';
  }

  private ended(reason: DisconnectReason): void {
    if (this.state === 'dead') return;
    const told = this.state === 'closing';
    this.state = 'dead';
    if (told) return;
    this.watcher?.ended(this.error);
    this.socket.destroy();
    this.events.disconnected(this, reason);
  }

  get takesSends(): boolean {
    return this.state === 'open' || this.state === 'connecting';
  }

  get bufferedBytes(): number {
    return this.pendingBytes + this.socket.writableLength + (this.outWay?.heldBytes ?? 0);
  }

  /** @returns whether these are the first bytes of the step. */
  send(bytes: Uint8Array): boolean {
    const first = this.pendingBytes === 0;
    this.pending.push(bytes);
    this.pendingBytes += bytes.length;
    if (this.bufferedBytes > HIGH_WATER_BYTES) this.wasHigh = true;
    return first;
  }

  /** The step is over: its bytes go out together. */
  flush(): void {
    const { pending, pendingBytes } = this;
    if (pendingBytes === 0) return;
    this.pending = [];
    this.pendingBytes = 0;
    if (this.state === 'dead') return;
    assert(this.securing === null || this.cameUp, 'bytes before TLS');
    if (this.outWay === null) this.write(pending);
    else this.outWay.pass(pendingBytes, () => this.write(pending));
  }

  private write(pieces: readonly Uint8Array[]): void {
    const { socket } = this;
    if (socket.destroyed) return;
    if (pieces.length === 1) socket.write(pieces[0] as Uint8Array);
    else {
      socket.cork();
      for (const piece of pieces) socket.write(piece);
      socket.uncork();
    }
    // The kernel took all of it at once: there will be no `drain`.
    if (this.wasHigh && !socket.writableNeedDrain) setImmediate(() => this.drained());
  }

  /** The node closed it: what was sent still goes out. */
  closeByNode(): void {
    this.state = 'closing';
  }

  /** The step in which the node closed it is over. */
  end(): void {
    this.flush();
    const end = (): void => {
      const { socket } = this;
      if (socket.destroyed) return;
      socket.destroySoon();
      const linger = setTimeout(() => socket.destroy(), LINGER_MS);
      linger.unref();
      socket.once('close', () => clearTimeout(linger));
    };
    // Within a handshake of TLS nothing was said yet that could still go out.
    const isShaking = this.securing !== null && !this.cameUp;
    if (this.socket.pending || isShaking) this.socket.destroy();
    else if (this.outWay === null) end();
    else this.outWay.pass(0, end);
  }

  /** The process is killed: the peer hears a reset. */
  reset(): void {
    if (this.state !== 'dead') this.state = 'dead';
    const { socket } = this;
    // Of a socket that is ending, a reset fails and leaves its handle open for ever.
    // TLS hides the socket that could be reset: its peer sees an end without a farewell.
    const cannot = socket.writableEnded || socket instanceof TLSSocket;
    if (socket.pending || cannot) socket.destroy();
    else socket.resetAndDestroy();
  }

  mute(muted: boolean): void {
    this.muted = muted;
    this.readOrNot();
  }

  /** A paused process takes nothing out of its sockets. */
  freeze(frozen: boolean): void {
    this.frozen = frozen;
    this.readOrNot();
  }

  private readOrNot(): void {
    if (this.muted || this.frozen || this.overfull) this.socket.pause();
    else this.socket.resume();
  }

  /** Puts the connection under the faults of its link. */
  follow(out: LinkWay, into: LinkWay): void {
    this.outWay = out;
    this.inWay = into;
  }
}
