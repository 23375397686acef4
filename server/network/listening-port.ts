/**
 * One address that a node listens at. The port can be taken before the node exists, so that its
 * configuration can name it; who connects before the node listens is reset. After the node has
 * gone nobody listens, and the next boot takes the same port again.
 */
import { createServer, type Server, type Socket } from 'node:net';
import type { Refused, TlsListener } from './tls.ts';

/** Another socket may hold the port for a moment after its process has died. */
const RETRY_MS = 50;
const TRIES = 40;

export class ListeningPort {
  readonly host: string;
  private wanted: number;
  private server: Server | null = null;
  private onSocket: ((socket: Socket) => void) | null = null;
  private onRefused: Refused = () => {};

  /** Of this port alone; null: connections are as they come. */
  private readonly tls: TlsListener | null;

  /** @param port 0: any free one. */
  constructor(host: string, port: number, tls: TlsListener | null = null) {
    this.host = host;
    this.wanted = port;
    this.tls = tls;
  }

  /** Known once the port is taken. */
  get port(): number {
    return this.wanted;
  }

  /** Takes the port. Rejects with the system's error when it cannot be had. */
  take(): Promise<void> {
    return this.tryToTake(TRIES);
  }

  /** Takes the port if that can be done at once. */
  async takeIfFree(): Promise<boolean> {
    try {
      await this.tryToTake(1);
      return true;
    } catch (error) {
      if (error instanceof Error && 'syscall' in error) return false;
      throw error;
    }
  }

  private async tryToTake(limit: number): Promise<void> {
    for (let tries = 1; this.server === null; tries += 1) {
      const server = createServer({ noDelay: true, keepAlive: true }, (socket) => {
        const { onSocket, tls } = this;
        if (onSocket === null) socket.resetAndDestroy();
        else if (tls === null) onSocket(socket);
        else tls.accept(socket, onSocket, this.onRefused);
      });
      const problem = await bound(server, this.host, this.wanted);
      if (problem === null) this.server = server;
      else if (problem.code !== 'EADDRINUSE' || tries === limit) throw problem;
      else await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    const address = this.server.address();
    if (address !== null && typeof address === 'object') this.wanted = address.port;
  }

  /** From now on connections are handed over, unless their TLS fails. */
  accept(onSocket: (socket: Socket) => void, onRefused: Refused): void {
    this.onSocket = onSocket;
    this.onRefused = onRefused;
  }

  /** Nobody listens any more; open connections are not touched. */
  release(): void {
    this.onSocket = null;
    this.tls?.release();
    this.server?.close();
    this.server = null;
  }
}

function bound(server: Server, host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    server.once('error', resolve);
    server.listen({ host, port }, () => {
      server.off('error', resolve);
      // A failed accept (no descriptor left) must not end the process; the client is dropped.
      server.on('error', () => undefined);
      resolve(null);
    });
  });
}
