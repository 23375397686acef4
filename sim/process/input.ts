/**
 * Inputs that wait for their node. Bytes wait as the segments they came in; all other kinds share
 * one shape, so that a node's `input.kind` has two shapes to look at, not ten.
 */
import type { ClientCommand } from '../../kafka/client/commands.ts';
import type {
  Address,
  CommandId,
  ConnectionId,
  DisconnectReason,
  DiskErrorCode,
  FlushTicket,
  NodeInput,
} from '../../kafka/host.ts';
import type { Endpoint, Segment } from '../network/endpoint.ts';

const NO_CONNECTION = 0 as ConnectionId;

export class QueuedInput {
  readonly kind: Exclude<NodeInput['kind'], 'received'>;
  connection: ConnectionId = NO_CONNECTION;
  listener = '';
  peer: Address | null = null;
  reason: DisconnectReason | null = null;
  ticket: FlushTicket = 0 as FlushTicket;
  error: DiskErrorCode | null = null;
  id: CommandId = 0 as CommandId;
  command: ClientCommand | null = null;
  /** Commands in it: the records of a `send`, else 1. */
  count = 1;
  /** Where it came from, for connection inputs. */
  endpoint: Endpoint | null = null;
  /** Of a flush. */
  path = '';
  /** Trace event that caused it; 0 = none. */
  causeA = 0;

  constructor(kind: Exclude<NodeInput['kind'], 'received'>) {
    this.kind = kind;
  }
}

export type WaitingInput = QueuedInput | Segment;

/** First in, first out: a ring that grows by doubling. */
export class InputQueue {
  length = 0;
  private items: (WaitingInput | null)[] = new Array<WaitingInput | null>(8).fill(null);
  private head = 0;

  push(input: WaitingInput): void {
    const { items } = this;
    if (this.length === items.length) {
      this.grow();
      this.push(input);
      return;
    }
    items[(this.head + this.length) & (items.length - 1)] = input;
    this.length += 1;
  }

  shift(): WaitingInput | null {
    if (this.length === 0) return null;
    const { items, head } = this;
    const input = items[head] as WaitingInput | null;
    items[head] = null;
    this.head = (head + 1) & (items.length - 1);
    this.length -= 1;
    return input;
  }

  clear(): void {
    this.items.fill(null);
    this.head = 0;
    this.length = 0;
  }

  private grow(): void {
    const { items, head } = this;
    const wide = new Array<WaitingInput | null>(items.length * 2).fill(null);
    for (let i = 0; i < items.length; i++) {
      wide[i] = items[(head + i) & (items.length - 1)] as WaitingInput | null;
    }
    this.items = wide;
    this.head = 0;
  }
}
