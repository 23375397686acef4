/**
 * Inputs that wait for their node. All kinds share one shape, so that a node's `input.kind` is
 * one load for the engine; a node sees it as the `NodeInput` it is.
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
import type { Endpoint } from '../network/endpoint.ts';

const NO_CONNECTION = 0 as ConnectionId;
const NO_BYTES = new Uint8Array(0);

export class QueuedInput {
  readonly kind: NodeInput['kind'];
  connection: ConnectionId = NO_CONNECTION;
  bytes: Uint8Array = NO_BYTES;
  listener = '';
  peer: Address | null = null;
  reason: DisconnectReason | null = null;
  ticket: FlushTicket = 0 as FlushTicket;
  error: DiskErrorCode | null = null;
  id: CommandId = 0 as CommandId;
  command: ClientCommand | null = null;
  /** Where it came from, for connection inputs. */
  endpoint: Endpoint | null = null;
  /** Of a flush. */
  path = '';
  /** Trace events that caused it; 0 = none. */
  causeA = 0;
  causeB = 0;

  constructor(kind: NodeInput['kind']) {
    this.kind = kind;
  }
}

/** First in, first out, without shifting. */
export class InputQueue {
  private items: (QueuedInput | null)[] = [];
  private head = 0;

  get length(): number {
    return this.items.length - this.head;
  }

  push(input: QueuedInput): void {
    this.items.push(input);
  }

  shift(): QueuedInput | null {
    if (this.head === this.items.length) return null;
    const input = this.items[this.head] as QueuedInput;
    this.items[this.head++] = null;
    if (this.head === this.items.length) {
      this.items.length = 0;
      this.head = 0;
    } else if (this.head > 1_024 && this.head * 2 > this.items.length) {
      this.items = this.items.slice(this.head);
      this.head = 0;
    }
    return input;
  }

  clear(): void {
    this.items = [];
    this.head = 0;
  }
}
