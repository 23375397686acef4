/**
 * What all rooms of one node share: its host, timers, connections, flush tickets and a queue of
 * actions put off to the end of the step. A node hands every input to `step` and adds only what
 * is its own (start, stop, commands). Shared by brokers, controllers and clients.
 */
import { assert, unreachable } from '../base/assert.ts';
import { Timers } from '../base/timers.ts';
import { Writer } from '../base/writer.ts';
import type { Address, ConnectionId, DisconnectReason, Host, NodeInput } from '../host.ts';
import { type Rules, TODAY } from '../protocol/rules.ts';
import { FlushTracker } from './flush-tracker.ts';

/** The owner of one connection, incoming or outgoing. */
export interface ConnectionOwner {
  connected(): void;
  drained(): void;
  received(bytes: Uint8Array): void;
  disconnected(reason: DisconnectReason): void;
}

export interface Acceptor {
  accepted(input: Extract<NodeInput, { kind: 'accepted' }>): void;
}

type TransportInput = Exclude<NodeInput, { kind: 'started' | 'stopping' | 'command' }>;

export class NodeRuntime {
  readonly host: Host;
  /** What this node's protocol rules are, for as long as it lives. */
  readonly rules: Rules;
  readonly timers = new Timers();
  readonly writer = new Writer();
  readonly flushes = new FlushTracker();
  private readonly owners = new Map<ConnectionId, ConnectionOwner>();
  private acceptor: Acceptor | null = null;
  private readonly actions: (() => void)[] = [];
  private actionCount = 0;

  constructor(host: Host, rules: Rules = TODAY) {
    this.host = host;
    this.rules = rules;
  }

  /** Monotonic ms; constant within a step. */
  get nowMs(): number {
    return this.host.clock.monotonicMs();
  }

  get wakeAtMs(): number {
    return this.timers.nextAtMs;
  }

  /** Sets who takes incoming connections. */
  acceptWith(acceptor: Acceptor): void {
    this.acceptor = acceptor;
  }

  connect(address: Address, owner: ConnectionOwner): ConnectionId {
    const connection = this.host.network.connect(address);
    this.owners.set(connection, owner);
    return connection;
  }

  own(connection: ConnectionId, owner: ConnectionOwner): void {
    this.owners.set(connection, owner);
  }

  close(connection: ConnectionId): void {
    if (this.owners.delete(connection)) this.host.network.close(connection);
  }

  /** Runs `action` at the end of this step, after what is under way has returned. */
  defer(action: () => void): void {
    this.actions[this.actionCount++] = action;
  }

  /** Routes a transport input to its owner. Call `endStep` after every step. */
  transport(input: TransportInput): void {
    switch (input.kind) {
      case 'received':
        this.owners.get(input.connection)?.received(input.bytes);
        break;
      case 'woken':
        break;
      case 'accepted':
        assert(this.acceptor !== null, 'a connection was accepted by a node that does not listen');
        this.acceptor.accepted(input);
        break;
      case 'connected':
        this.owners.get(input.connection)?.connected();
        break;
      case 'drained':
        this.owners.get(input.connection)?.drained();
        break;
      case 'disconnected': {
        const owner = this.owners.get(input.connection);
        this.owners.delete(input.connection);
        owner?.disconnected(input.reason);
        break;
      }
      case 'flushed':
        this.flushes.flushed(input.ticket, input.error);
        break;
      default:
        unreachable(input);
    }
  }

  /** Fires due timers and deferred actions until none is left. */
  endStep(): void {
    const nowMs = this.host.clock.monotonicMs();
    while (this.actionCount > 0 || this.timers.nextAtMs <= nowMs) {
      this.runActions();
      this.timers.runDue(nowMs);
    }
  }

  private runActions(): void {
    // Actions may defer more; those run in the same loop. The array is reused, never shortened.
    for (let i = 0; i < this.actionCount; i++) (this.actions[i] as () => void)();
    this.actionCount = 0;
  }
}
