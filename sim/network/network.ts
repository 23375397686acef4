/**
 * Connections between processes, as TCP makes them: bytes of one direction arrive in order and
 * whole, late or not at all; a cut link holds them; kernels refuse, reset and say goodbye for
 * processes that are gone. (Not modelled: congestion, the end of a held connection after 15
 * minutes of retries.)
 */
import { assert } from '../../kafka/base/assert.ts';
import type { Address, DisconnectReason } from '../../kafka/host.ts';
import type { SimRandom } from '../engine/random.ts';
import { Due, Happened, type Timeline } from '../engine/timeline.ts';
import { QueuedInput } from '../process/input.ts';
import type { Process } from '../process/process.ts';
import { kindOf } from '../trace/table.ts';
import { Endpoint, Segment, type SegmentKind } from './endpoint.ts';
import type { HoldId } from './faults.ts';
import { Flips } from './flips.ts';
import { Holds } from './holds.ts';
import { Link } from './link.ts';
import type { NetworkSettings } from './settings.ts';
import type { FrameTap } from './tap.ts';

const FRAME_SENT = kindOf('frame.sent');
const NO_BYTES = new Uint8Array(0);

export class Network {
  /** Kafka frames sent so far. */
  frames = 0;
  /** Sees everything that is sent, with its trace event; must not change the world. */
  tap: FrameTap | null = null;
  readonly holds: Holds;
  readonly flips: Flips;
  readonly settings: NetworkSettings;
  private readonly timeline: Timeline;
  private readonly roleTexts: { bytes: number; request: number; response: number };
  private readonly random: SimRandom;
  private readonly processes: readonly Process[];
  /** [from index][to index] */
  private readonly links: Link[][] = [];
  /** By connection id; null = dead on both sides. */
  private readonly endpoints: (Endpoint | null)[] = [];

  constructor(
    settings: NetworkSettings,
    timeline: Timeline,
    random: SimRandom,
    processes: readonly Process[],
  ) {
    this.settings = settings;
    this.timeline = timeline;
    const { trace } = timeline;
    this.roleTexts = {
      bytes: trace.textId('bytes'),
      request: trace.textId('request'),
      response: trace.textId('response'),
    };
    this.random = random;
    this.processes = processes;
    this.holds = new Holds();
    this.flips = new Flips(timeline);
  }

  link(from: Process, to: Process): Link {
    let row = this.links[from.index];
    if (row === undefined) {
      row = [];
      this.links[from.index] = row;
    }
    const known = row[to.index];
    if (known !== undefined) return known;
    const link = new Link(from, to, this.settings, this.random);
    row[to.index] = link;
    return link;
  }

  endpoint(id: number): Endpoint | null {
    return this.endpoints[id] ?? null;
  }

  /** Every endpoint that is not wholly gone, by id. */
  liveEndpoints(): Endpoint[] {
    return this.endpoints.filter((endpoint) => endpoint !== null);
  }

  // What nodes do. `open` comes at the call, the others when the step takes effect.

  /** null target: no such host. */
  open(process: Process, address: Address): Endpoint {
    const target = this.processes.find((candidate) => candidate.name === address.host) ?? process;
    const id = this.endpoints.length;
    const link = this.link(process, target);
    const endpoint = new Endpoint(id, process, link, true, address, 'connecting');
    this.endpoints.push(endpoint, null);
    process.endpoints.add(endpoint);
    return endpoint;
  }

  connect(endpoint: Endpoint, cause: number): void {
    const { timeline } = this;
    const { host, port } = endpoint.peerAddress;
    timeline.trace.causedBy(cause);
    const node = endpoint.process.traceNode;
    timeline.trace.emit('connection.opening', node, host, endpoint.id, port);
    timeline.digest.add(Happened.opened, timeline.nowUs, endpoint.id, port);
    if (endpoint.state !== 'connecting') return;
    if (endpoint.link.to.name === host) this.sendSyn(endpoint, 1);
    else timeline.queue.push(timeline.nowUs + 500, Due.synRetry, endpoint, 1 << 20);
  }

  private sendSyn(endpoint: Endpoint, tries: number): void {
    const { queue, nowUs } = this.timeline;
    if (!this.isBlocked(endpoint.link)) {
      queue.push(nowUs + endpoint.link.latencyUs(), Due.syn, endpoint, tries);
    }
    const waitUs = this.settings.synRetryUs * 2 ** (tries - 1);
    queue.push(nowUs + waitUs, Due.synRetry, endpoint, tries);
  }

  send(endpoint: Endpoint, bytes: Uint8Array, cause: number): void {
    if (endpoint.state === 'dead') return;
    const { timeline } = this;
    const { peer, frames, link } = endpoint;
    if (endpoint.initiator) frames.request(bytes);
    else if (peer !== null) frames.response(bytes, peer.frames);
    this.frames += frames.framesBegun;
    const role = frames.apiKey < 0 ? 'bytes' : endpoint.initiator ? 'request' : 'response';
    const { trace, digest } = timeline;
    trace.causedBy(cause);
    const frame = trace.recordIds(
      FRAME_SENT,
      endpoint.process.traceNode,
      link.to.nameText,
      this.roleTexts[role],
      frames.apiKey,
      frames.correlationId,
      bytes.length,
      endpoint.id,
    );
    digest.add(Happened.sent, timeline.nowUs, endpoint.id, bytes.length);
    digest.addBytes(bytes);
    if (this.tap !== null) {
      const { apiKey, apiVersion } = frames;
      this.tap(frame, { role, apiKey, apiVersion, bytes });
    }
    const hold = this.holds.active ? this.holds.match(endpoint, role, bytes) : 0;
    const arrives = this.flips.active ? this.flips.pass(endpoint, role, bytes, frame) : bytes;
    const split = link.splitAt(arrives.length);
    if (split > 0) {
      this.enqueue(endpoint, arrives.subarray(0, split), frame, hold);
      this.enqueue(endpoint, arrives.subarray(split), frame, hold);
    } else this.enqueue(endpoint, arrives, frame, hold);
  }

  private enqueue(endpoint: Endpoint, bytes: Uint8Array, frame: number, hold: number): void {
    const { link, tail } = endpoint;
    const merge = link.mergesNow();
    const arrivalUs = this.arrivalUs(endpoint, bytes.length);
    if (merge && hold === 0 && tail !== null && canMerge(tail)) {
      tail.bytes = join(tail.bytes, bytes);
      tail.arrivalUs = arrivalUs;
      tail.causeB = frame;
      return;
    }
    const segment = new Segment('received', bytes, arrivalUs, frame);
    segment.hold = hold;
    endpoint.append(segment);
    if (!endpoint.armed) this.arm(endpoint);
  }

  private arrivalUs(endpoint: Endpoint, bytes: number): number {
    const { link } = endpoint;
    const departureUs = link.departureUs(this.timeline.nowUs, bytes);
    const us = departureUs + link.latencyUs();
    if (us > endpoint.lastArrivalUs) endpoint.lastArrivalUs = us;
    return endpoint.lastArrivalUs;
  }

  /** The node closed its end: its bytes still arrive, then the peer hears `closed`. */
  close(endpoint: Endpoint, cause: number): void {
    const { timeline } = this;
    timeline.trace.causedBy(cause);
    const node = endpoint.process.traceNode;
    const { host } = endpoint.peerAddress;
    const event = timeline.trace.emit('connection.closed', node, host, endpoint.id);
    timeline.digest.add(Happened.closed, timeline.nowUs, endpoint.id, 0);
    if (endpoint.state !== 'dead') this.finish(endpoint, 'end', event);
  }

  /** Ends an endpoint on its own side; the peer learns it in order. */
  private finish(endpoint: Endpoint, how: SegmentKind, cause: number): void {
    const asked = endpoint.peer !== null;
    this.die(endpoint);
    if (!asked) {
      endpoint.dropQueue();
      this.forget(endpoint);
      return;
    }
    this.enqueueControl(endpoint, how, cause);
  }

  private enqueueControl(endpoint: Endpoint, kind: SegmentKind, cause: number): void {
    endpoint.append(new Segment(kind, NO_BYTES, this.arrivalUs(endpoint, 40), cause));
    if (!endpoint.armed) this.arm(endpoint);
  }

  // What happens to processes.

  /** The process is gone, its kernel is not: orderly ends, or resets. */
  processEnded(process: Process, how: 'exit' | 'kill', cause: number): void {
    for (const endpoint of [...process.endpoints]) {
      this.finish(endpoint, how === 'exit' ? 'end' : 'reset', cause);
    }
    process.listening.clear();
  }

  /** The machine is gone: nobody is told, and what did not get through is lost. */
  powerLost(process: Process): void {
    for (const endpoint of this.liveEndpoints()) {
      if (endpoint.process !== process) continue;
      endpoint.orphaned = true;
      if (!endpoint.armed) endpoint.dropQueue();
      if (endpoint.state !== 'dead') this.die(endpoint);
      this.forget(endpoint);
    }
    process.listening.clear();
  }

  /** The machine is back: what was sent to it meanwhile arrives, and finds nobody. */
  powerBack(process: Process): void {
    for (const endpoint of this.liveEndpoints()) {
      if (endpoint.link.to === process) this.unblock(endpoint);
    }
  }

  /** The node took bytes out of the kernel's buffer. */
  consumed(endpoint: Endpoint, bytes: number): void {
    endpoint.unreadBytes -= bytes;
    const { peer } = endpoint;
    if (peer !== null && !peer.armed && peer.head !== null) this.arm(peer);
  }

  /** The node takes bytes again. */
  unmuted(endpoint: Endpoint): void {
    const { peer } = endpoint;
    if (peer !== null) this.unblock(peer);
  }

  // What the network does, called when events are due. Each returns the process that got an input.

  synArrived(endpoint: Endpoint): Process | null {
    if (endpoint.state !== 'connecting' || endpoint.peer !== null) return null;
    const target = endpoint.link.to;
    if (!target.powered || this.isBlocked(endpoint.link)) return null;
    const back = this.link(target, endpoint.process);
    const { queue, nowUs } = this.timeline;
    const listener = listenerOf(target, endpoint.peerAddress.port);
    if (listener === null) {
      if (!this.isBlocked(back)) queue.push(nowUs + back.latencyUs(), Due.refused, endpoint, 0);
      return null;
    }
    const peerAddress = { host: endpoint.process.name, port: 32_768 + (endpoint.id % 28_000) };
    const accepted = new Endpoint(endpoint.id + 1, target, back, false, peerAddress, 'open');
    this.endpoints[accepted.id] = accepted;
    target.endpoints.add(accepted);
    accepted.peer = endpoint;
    endpoint.peer = accepted;
    const input = new QueuedInput('accepted');
    input.connection = accepted.id;
    input.endpoint = accepted;
    input.listener = listener;
    input.peer = peerAddress;
    target.inbox.push(input);
    this.enqueueControl(accepted, 'established', 0);
    return target;
  }

  synRetryDue(endpoint: Endpoint, tries: number): Process | null {
    if (endpoint.state !== 'connecting') return null;
    if (tries >= this.settings.synTries) return this.tell(endpoint, 'unreachable');
    if (endpoint.peer === null) this.sendSyn(endpoint, tries + 1);
    else {
      const waitUs = this.settings.synRetryUs * 2 ** tries;
      this.timeline.queue.push(this.timeline.nowUs + waitUs, Due.synRetry, endpoint, tries + 1);
    }
    return null;
  }

  refused(endpoint: Endpoint): Process | null {
    return endpoint.state === 'connecting' ? this.tell(endpoint, 'refused') : null;
  }

  resetArrived(endpoint: Endpoint): Process | null {
    if (endpoint.state === 'dead' || endpoint.state === 'closing') return null;
    endpoint.dropQueue();
    return this.tell(endpoint, 'reset');
  }

  /** The head of what `sender` sent may have reached the other side. */
  arrived(sender: Endpoint): Process | null {
    sender.armed = false;
    const receiver = sender.peer;
    let told: Process | null = null;
    for (;;) {
      const segment = sender.head;
      if (segment === null || receiver === null) break;
      if (segment.arrivalUs > this.timeline.nowUs || !this.passes(sender, segment, receiver)) {
        this.arm(sender);
        break;
      }
      sender.takeHead();
      sender.bufferedBytes -= segment.bytes.length;
      if (this.receive(receiver, segment)) told = receiver.process;
    }
    if (sender.wasHigh && sender.bufferedBytes === 0) this.drained(sender);
    if (sender.state === 'dead') this.forget(sender);
    return told;
  }

  private passes(sender: Endpoint, segment: Segment, receiver: Endpoint): boolean {
    if (segment.hold !== 0 || this.isBlocked(sender.link) || !sender.link.to.powered) return false;
    const window = this.settings.receiveWindowBytes;
    if (receiver.state === 'dead') return true;
    return receiver.unreadBytes < window && !receiver.muted;
  }

  /** @returns whether the receiver's process got an input. */
  private receive(receiver: Endpoint, segment: Segment): boolean {
    if (segment.kind === 'received') {
      if (receiver.state === 'dead' || receiver.state === 'closing') {
        this.sendReset(receiver);
        return false;
      }
      segment.connection = receiver.id;
      segment.endpoint = receiver;
      receiver.unreadBytes += segment.bytes.length;
      receiver.process.inbox.push(segment);
      return true;
    }
    if (segment.kind === 'established') {
      if (receiver.state !== 'connecting') {
        this.sendReset(receiver);
        return false;
      }
      receiver.state = 'open';
      const input = new QueuedInput('connected');
      input.connection = receiver.id;
      input.endpoint = receiver;
      receiver.process.inbox.push(input);
      this.unblock(receiver);
      return true;
    }
    if (receiver.state === 'dead') return false;
    receiver.dropQueue();
    const reason = segment.kind === 'end' ? 'closed' : 'reset';
    return this.tell(receiver, reason, segment.causeA) !== null;
  }

  /** Nobody is there for bytes that came: the kernel answers with a reset. */
  private sendReset(dead: Endpoint): void {
    const sender = dead.peer;
    if (sender === null || sender.state === 'dead' || this.isBlocked(dead.link)) return;
    const { queue, nowUs } = this.timeline;
    queue.push(nowUs + dead.link.latencyUs(), Due.reset, sender, 0);
  }

  private drained(sender: Endpoint): void {
    sender.wasHigh = false;
    if (sender.state !== 'open') return;
    const input = new QueuedInput('drained');
    input.connection = sender.id;
    input.endpoint = sender;
    sender.process.give(input, this.timeline);
  }

  /** Ends a connection for its node; null when the node had closed it itself. */
  private tell(endpoint: Endpoint, reason: DisconnectReason, cause = 0): Process | null {
    const closing = endpoint.state === 'closing';
    this.die(endpoint);
    this.forget(endpoint);
    if (closing) return null;
    const input = new QueuedInput('disconnected');
    input.connection = endpoint.id;
    input.endpoint = endpoint;
    input.reason = reason;
    input.causeA = cause;
    endpoint.process.inbox.push(input);
    return endpoint.process;
  }

  // Faults.

  isBlocked(link: Link): boolean {
    return link.cut || link.stalledUntilUs > this.timeline.nowUs;
  }

  /** A link passes bytes again, or might: what waited on it moves on. */
  linkChanged(link: Link): void {
    for (const endpoint of this.liveEndpoints()) {
      if (endpoint.link !== link) continue;
      if (endpoint.orphaned && this.isBlocked(link)) endpoint.dropQueue();
      if (!this.isBlocked(link)) this.unblock(endpoint);
    }
  }

  /** @returns how many connections were reset. */
  resetBetween(a: Process, b: Process): number {
    let count = 0;
    for (const endpoint of this.liveEndpoints()) {
      const { process, link, state } = endpoint;
      const between = (process === a && link.to === b) || (process === b && link.to === a);
      if (!between || state === 'dead') continue;
      endpoint.dropQueue();
      if (endpoint.initiator) count += 1;
      if (this.tell(endpoint, 'reset') !== null) process.poke(this.timeline);
    }
    return count;
  }

  /** @returns how many frames may pass: those that no other hold stops. */
  release(hold: HoldId): number {
    const free = this.holds.remove(hold);
    let frames = 0;
    for (const endpoint of this.liveEndpoints()) {
      let held = false;
      for (let segment = endpoint.head; segment !== null; segment = segment.next) {
        if (!free.has(segment.hold)) continue;
        segment.hold = 0;
        held = true;
        frames += 1;
      }
      if (held) this.unblock(endpoint);
    }
    return frames;
  }

  /** What waited arrives one latency from now. */
  private unblock(endpoint: Endpoint): void {
    if (endpoint.armed || endpoint.head === null) return;
    endpoint.delayTo(this.timeline.nowUs + endpoint.link.latencyUs());
    this.arm(endpoint);
  }

  /** What waits for a link that was slower goes on at its present speed. */
  hasten(link: Link): void {
    const late = this.liveEndpoints().filter((one) => one.link === link);
    for (const one of late) if (one.hasten(this.timeline.nowUs)) this.arm(one);
  }

  /** Puts the head's arrival into the queue, unless something keeps it from arriving. */
  private arm(sender: Endpoint): void {
    const { head, peer } = sender;
    if (head === null || sender.armed) return;
    const established = head.kind === 'established';
    if (peer === null || (sender.state === 'connecting' && !established)) return;
    const blocked = !this.passes(sender, head, peer);
    if (blocked && sender.orphaned) sender.dropQueue();
    if (blocked) return;
    const { queue, nowUs } = this.timeline;
    sender.armed = true;
    queue.push(head.arrivalUs > nowUs ? head.arrivalUs : nowUs, Due.arrive, sender, 0);
  }

  private die(endpoint: Endpoint): void {
    assert(endpoint.state !== 'dead', 'an endpoint dies twice');
    endpoint.state = 'dead';
    endpoint.process.endpoints.delete(endpoint);
  }

  /** Lets go of a pair of which both sides are dead and nothing is under way. */
  private forget(endpoint: Endpoint): void {
    const { peer } = endpoint;
    if (endpoint.head !== null || endpoint.state !== 'dead') return;
    if (peer !== null && (peer.state !== 'dead' || peer.head !== null)) return;
    this.endpoints[endpoint.id] = null;
    if (peer !== null) this.endpoints[peer.id] = null;
  }
}

function listenerOf(target: Process, port: number): string | null {
  if (!target.alive) return null;
  for (const listener of target.listening) {
    if (target.spec.listeners[listener] === port) return listener;
  }
  return null;
}

function canMerge(tail: Segment): boolean {
  return tail.kind === 'received' && tail.hold === 0 && tail.causeB === 0;
}

function join(a: Uint8Array, b: Uint8Array): Uint8Array {
  const both = new Uint8Array(a.length + b.length);
  both.set(a);
  both.set(b, a.length);
  return both;
}
