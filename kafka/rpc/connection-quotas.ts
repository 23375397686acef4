/**
 * How many connections a server takes (Kafka: ConnectionQuotas in SocketServer). Beyond
 * max.connections.per.ip one is closed at once; beyond max.connections it waits unread until
 * another ends, as one that the acceptor has not taken yet. The listener of the brokers is let in
 * always where clients have another, and then the longest unused connection of a client goes.
 */
export interface ConnectionLimits {
  readonly maxConnections: number;
  readonly maxConnectionsPerIp: number;
  /** By address. */
  readonly perIpOverrides: ReadonlyMap<string, number>;
  /** The listener that brokers use, when clients have others; else null. */
  readonly protectedListener: string | null;
}

export const NO_LIMITS: ConnectionLimits = {
  maxConnections: Number.POSITIVE_INFINITY,
  maxConnectionsPerIp: Number.POSITIVE_INFINITY,
  perIpOverrides: new Map(),
  protectedListener: null,
};

export interface Countable {
  readonly listener: string;
  readonly peer: { readonly host: string };
  /** Monotonic ms. */
  readonly lastUsedMs: number;
  /** It may be served. */
  admit(): void;
  close(): void;
}

export class ConnectionQuotas {
  private readonly limits: ConnectionLimits;
  private readonly perIp = new Map<string, number>();
  private readonly admitted = new Set<Countable>();
  private readonly waiting = new Set<Countable>();

  constructor(limits: ConnectionLimits) {
    this.limits = limits;
  }

  /** Admits it, lets it wait, or closes it; `left` follows in any case. */
  enter(connection: Countable): void {
    const { host } = connection.peer;
    const count = (this.perIp.get(host) ?? 0) + 1;
    this.perIp.set(host, count);
    const { maxConnections, maxConnectionsPerIp, perIpOverrides } = this.limits;
    if (count > (perIpOverrides.get(host) ?? maxConnectionsPerIp)) {
      connection.close();
      return;
    }
    const isProtected = connection.listener === this.limits.protectedListener;
    if (this.admitted.size >= maxConnections && !isProtected) {
      this.waiting.add(connection);
      return;
    }
    this.admitted.add(connection);
    connection.admit();
    if (this.admitted.size > maxConnections) this.longestUnused()?.close();
  }

  left(connection: Countable): void {
    const { host } = connection.peer;
    const count = (this.perIp.get(host) ?? 1) - 1;
    if (count === 0) this.perIp.delete(host);
    else this.perIp.set(host, count);
    this.waiting.delete(connection);
    if (!this.admitted.delete(connection)) return;
    const [next] = this.waiting;
    if (next === undefined || this.admitted.size >= this.limits.maxConnections) return;
    this.waiting.delete(next);
    this.admitted.add(next);
    next.admit();
  }

  private longestUnused(): Countable | null {
    let found: Countable | null = null;
    for (const one of this.admitted) {
      if (one.listener === this.limits.protectedListener) continue;
      if (found === null || one.lastUsedMs < found.lastUsedMs) found = one;
    }
    return found;
  }
}
