/**
 * One side of a connection and the bytes that it has sent and the other side not yet received.
 * Connections are pairs of endpoints; ids are 2n for the side that connected and 2n + 1 for the
 * side that accepted, so a node connected to itself can tell its two ends apart.
 */
import type { Address, ConnectionId } from '../../kafka/host.ts';
import type { Process } from '../process/process.ts';
import { FrameLabeller } from './frames.ts';
import type { Link } from './link.ts';

/**
 * `established`: the accepting side says that the connection is up. `end`: orderly end after the
 * bytes before it. `reset`: the process is gone.
 */
export type SegmentKind = 'received' | 'established' | 'end' | 'reset';

/** Something on its way in one direction; bytes become the receiver's input as they are. */
export class Segment {
  readonly kind: SegmentKind;
  /** The receiver's, set on arrival. */
  connection: ConnectionId = 0 as ConnectionId;
  endpoint: Endpoint | null = null;
  bytes: Uint8Array;
  /** `frame.sent` events that brought the bytes; 0 = none. */
  causeA: number;
  causeB = 0;
  arrivalUs: number;
  /** A hold that stops it; 0 = none. */
  hold = 0;
  next: Segment | null = null;
  constructor(kind: SegmentKind, bytes: Uint8Array, arrivalUs: number, frame: number) {
    this.kind = kind;
    this.bytes = bytes;
    this.arrivalUs = arrivalUs;
    this.causeA = frame;
  }
}

/**
 * `connecting`: asked for. `open`. `closing`: its node closed it, the end of its stream is not
 * sent yet. `dead`: its process hears nothing of it any more; what it sent may still be under way.
 */
export type EndpointState = 'connecting' | 'open' | 'closing' | 'dead';

export class Endpoint {
  readonly id: ConnectionId;
  readonly process: Process;
  readonly link: Link;
  readonly initiator: boolean;
  /** Whom it talks to, as its node knows them. */
  readonly peerAddress: Address;
  /** null until the other side has accepted. */
  peer: Endpoint | null = null;
  state: EndpointState;
  /** Its node hears nothing more of it, not even what waits already. */
  closedByNode = false;
  /** Its machine lost power: nobody sends again what did not get through. */
  orphaned = false;

  head: Segment | null = null;
  tail: Segment | null = null;
  /** An `arrive` event for the head is in the queue. */
  armed = false;
  lastArrivalUs = 0;
  /** Given to `send` and not yet received by the peer's kernel. */
  bufferedBytes = 0;
  /** `drained` is due when the buffer is empty. */
  wasHigh = false;
  /** Received by this side's kernel, not yet by its node. */
  unreadBytes = 0;
  /** Its node takes nothing for now: bytes stay with the sender. */
  muted = false;
  readonly frames = new FrameLabeller();

  constructor(
    id: number,
    process: Process,
    link: Link,
    initiator: boolean,
    peerAddress: Address,
    state: EndpointState,
  ) {
    this.id = id as ConnectionId;
    this.process = process;
    this.link = link;
    this.initiator = initiator;
    this.peerAddress = peerAddress;
    this.state = state;
  }

  append(segment: Segment): void {
    if (this.tail === null) this.head = segment;
    else this.tail.next = segment;
    this.tail = segment;
  }

  takeHead(): void {
    const head = this.head;
    if (head === null) return;
    this.head = head.next;
    head.next = null;
    if (this.head === null) this.tail = null;
  }

  /** Nothing arrives before this time. */
  delayTo(earliestUs: number): void {
    for (let segment = this.head; segment !== null; segment = segment.next) {
      if (segment.arrivalUs < earliestUs) segment.arrivalUs = earliestUs;
    }
    if (this.lastArrivalUs < earliestUs) this.lastArrivalUs = earliestUs;
  }

  /** What is under way arrives as if it were sent now, if that is sooner. @returns whether it is. */
  hasten(nowUs: number): boolean {
    const { link, lastArrivalUs } = this;
    let arrivalUs = nowUs;
    for (let segment = this.head; segment !== null; segment = segment.next) {
      const us = link.departureUs(nowUs, segment.bytes.length) + link.latencyUs();
      arrivalUs = Math.max(arrivalUs, Math.min(segment.arrivalUs, us));
      segment.arrivalUs = arrivalUs;
    }
    if (this.head === null || arrivalUs >= lastArrivalUs) return false;
    this.lastArrivalUs = arrivalUs;
    this.armed = false;
    return true;
  }

  dropQueue(): void {
    this.head = null;
    this.tail = null;
    this.bufferedBytes = 0;
  }
}
