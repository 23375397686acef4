/**
 * One end's own way to an address of another: a port where it connects instead, and behind it the
 * link between the two, which can be cut, slowed and reset. Bytes, ends and resets pass in their
 * order; what a cut holds back arrives when it heals, as TCP would send it again.
 *
 * A connection over a cut link comes up (the system accepts it before anybody can say no) and then
 * nothing passes, where between two machines not even the connection would.
 */
import { Socket } from 'node:net';
import { type Address, HIGH_WATER_BYTES } from '../../kafka/host.ts';
import { type LinkState, LinkWay } from './link-way.ts';
import { ListeningPort } from './listening-port.ts';

/** On a slow link, how long a piece takes at most. */
const PIECE_MS = 20;

export class LinkProxy {
  private readonly target: Address;
  private readonly port: ListeningPort;
  /** From who connects to the target, and back. */
  private readonly states: readonly [LinkState, LinkState];
  private readonly passages = new Set<Passage>();

  constructor(host: string, target: Address, states: readonly [LinkState, LinkState]) {
    this.target = target;
    this.states = states;
    this.port = new ListeningPort(host, 0);
  }

  /** @returns where to connect to. */
  async open(): Promise<Address> {
    await this.port.take();
    // Whatever TLS there is passes through.
    this.port.accept(
      (socket) => this.accepted(socket),
      () => undefined,
    );
    return { host: this.port.host, port: this.port.port };
  }

  private accepted(from: Socket): void {
    const passage: Passage = new Passage(from, this.target, this.states, () =>
      this.passages.delete(passage),
    );
    this.passages.add(passage);
  }

  /** The state of the link is another. */
  changed(): void {
    for (const passage of this.passages) passage.changed();
  }

  /** Ends every connection with a reset on both sides. @returns how many. */
  reset(): number {
    const count = this.passages.size;
    for (const passage of [...this.passages]) passage.reset();
    return count;
  }

  close(): void {
    this.port.release();
    this.reset();
  }
}

/** One connection through a proxy: two sockets, and a way in each direction. */
class Passage {
  private readonly sides: readonly [Socket, Socket];
  private readonly ways: readonly [LinkWay, LinkWay];
  private readonly states: readonly [LinkState, LinkState];
  private readonly gone: () => void;
  private closed = 0;

  constructor(
    from: Socket,
    target: Address,
    states: readonly [LinkState, LinkState],
    gone: () => void,
  ) {
    const to = new Socket({ allowHalfOpen: true });
    from.allowHalfOpen = true;
    this.sides = [from, to];
    this.states = states;
    this.ways = [new LinkWay(states[0]), new LinkWay(states[1])];
    this.gone = gone;
    // Whoever is not reached yet keeps what comes.
    to.connect({ ...target, noDelay: true });
    this.carry(0);
    this.carry(1);
  }

  private carry(side: 0 | 1): void {
    const from = this.sides[side];
    const to = this.sides[side === 0 ? 1 : 0];
    const way = this.ways[side];
    let failed = false;
    from.on('data', (data: Buffer) => {
      for (const piece of this.pieces(data, this.states[side])) {
        way.pass(piece.length, () => {
          if (!to.destroyed) to.write(piece);
          this.readOrNot(side);
        });
      }
      this.readOrNot(side);
    });
    to.on('drain', () => this.readOrNot(side));
    from.on('end', () => way.pass(0, () => void to.end()));
    from.on('error', () => {
      failed = true;
    });
    from.once('close', () => {
      if (failed) way.pass(0, () => broken(to));
      this.closed += 1;
      if (this.closed === 2) this.over();
    });
  }

  private *pieces(data: Buffer, { bytesPerSecond }: LinkState): Iterable<Buffer> {
    if (bytesPerSecond === null) {
      yield data;
      return;
    }
    const size = Math.max(1, Math.floor((bytesPerSecond * PIECE_MS) / 1_000));
    for (let at = 0; at < data.length; at += size) yield data.subarray(at, at + size);
  }

  private readOrNot(side: 0 | 1): void {
    const from = this.sides[side];
    const to = this.sides[side === 0 ? 1 : 0];
    const isFull = this.ways[side].heldBytes > HIGH_WATER_BYTES || to.writableNeedDrain;
    if (isFull) from.pause();
    else from.resume();
  }

  changed(): void {
    for (const way of this.ways) way.changed();
  }

  reset(): void {
    for (const socket of this.sides) broken(socket);
    this.over();
  }

  private over(): void {
    for (const way of this.ways) way.drop();
    this.gone();
  }
}

/** Of a socket that is ending, a reset fails and leaves its handle open for ever. */
function broken(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.pending || socket.connecting || socket.writableEnded) socket.destroy();
  else socket.resetAndDestroy();
}
