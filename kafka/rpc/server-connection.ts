/**
 * One connection of a serving node: cuts frames and sends responses in request order. As in Kafka
 * (SocketServer mutes the channel), one request is in work at a time; what was pipelined behind it
 * waits, and when that is much, or answers are not taken, nothing more is read.
 */
import { assert } from '../base/assert.ts';
import { Fifo } from '../base/fifo.ts';
import { WireError } from '../base/reader.ts';
import { Timer } from '../base/timers.ts';
import { type Address, type ConnectionId, HIGH_WATER_BYTES, type NodeInput } from '../host.ts';
import { ANONYMOUS, type Principal, userPrincipal } from '../security/principal.ts';
import { apis } from '../wire/apis.ts';
import { FrameReader } from '../wire/frame.ts';
import type { Countable } from './connection-quotas.ts';
import type { ConnectionOwner, NodeRuntime } from './node-runtime.ts';
import type { RequestContext, RequestServer } from './request-server.ts';
import { SaslGate } from './sasl-gate.ts';

/** Requests that wait behind one in work may take this much; then nothing more is read. */
const WAITING_BYTES = HIGH_WATER_BYTES;
/** After so many bytes of responses it is looked whether the peer takes them. */
const LOOK_AFTER_BYTES = HIGH_WATER_BYTES / 4;

export type Accepted = Extract<NodeInput, { kind: 'accepted' }>;

export class ServerConnection implements ConnectionOwner, Countable {
  readonly id: ConnectionId;
  readonly listener: string;
  readonly peer: Address;
  /** Who sends requests here; nobody in particular before authentication. */
  principal: Principal;
  /** null: the listener has no SASL. */
  readonly sasl: SaslGate | null;
  alive = true;
  /** A request is in work; later frames wait in `waiting`. */
  busy = false;
  lastUsedMs: number;
  private admitted = false;
  /** The peer does not take its answers; `drained` ends it. */
  private congested = false;
  private muted = false;
  private waitingBytes = 0;
  private answeredBytes = 0;
  private readonly idle: Timer | null;
  private pumping = false;
  private readonly pumpLater = (): void => this.pump();
  private readonly server: RequestServer;
  private readonly frames: FrameReader;
  private waiting = new Fifo<Uint8Array>();

  constructor(server: RequestServer, accepted: Accepted) {
    const { connection, listener, peer, certificate } = accepted;
    const authentication = server.authenticationOf(listener);
    this.server = server;
    this.id = connection;
    this.listener = listener;
    this.peer = peer;
    this.principal = certificate === undefined ? ANONYMOUS : userPrincipal(certificate);
    this.sasl = authentication === null ? null : new SaslGate(this, authentication);
    this.frames = new FrameReader(authentication?.maxReceiveBytes ?? server.maxFrameBytes);
    this.lastUsedMs = server.runtime.nowMs;
    this.idle = server.maxIdleMs < 0 ? null : new Timer(() => this.checkIdle());
    this.armIdle();
  }

  get runtime(): NodeRuntime {
    return this.server.runtime;
  }

  loginFailed(why: string): void {
    this.server.loginFailed(this, why);
  }

  /** From now on it may send what others may. */
  authenticated(principal: Principal): void {
    this.principal = principal;
    this.frames.maxFrameBytes = this.server.maxFrameBytes;
  }

  connected(): void {}

  drained(): void {
    this.congested = false;
    if (!this.pumping && this.waiting.length > 0) this.pump();
  }

  admit(): void {
    this.admitted = true;
    if (this.waiting.length > 0) this.server.runtime.defer(this.pumpLater);
    if (this.muted) this.unmute();
  }

  private armIdle(): void {
    if (this.idle === null) return;
    const { runtime, maxIdleMs } = this.server;
    runtime.timers.arm(this.idle, this.lastUsedMs + maxIdleMs);
  }

  /** Use moves the deadline only when it comes, which costs requests nothing. */
  private checkIdle(): void {
    const { runtime, maxIdleMs } = this.server;
    if (runtime.nowMs - this.lastUsedMs >= maxIdleMs) this.close();
    else this.armIdle();
  }

  private mute(): void {
    this.muted = true;
    this.server.runtime.host.network.mute(this.id);
  }

  private unmute(): void {
    this.muted = false;
    this.server.runtime.host.network.unmute(this.id);
  }

  received(bytes: Uint8Array): void {
    const frames = this.frames;
    this.lastUsedMs = this.server.runtime.nowMs;
    this.pumping = true;
    frames.push(bytes);
    while (this.alive && this.nextFrame()) {
      if (this.busy || this.congested || !this.admitted) this.wait(frames);
      else this.server.dispatch(this, frames.bytes, frames.start, frames.end);
    }
    this.pumping = false;
    if (!this.busy && this.waiting.length > 0) this.pump();
  }

  private wait({ bytes, start, end }: FrameReader): void {
    this.waiting.push(bytes.subarray(start, end));
    this.waitingBytes += end - start;
    if (this.waitingBytes > WAITING_BYTES && !this.muted) this.mute();
  }

  private nextFrame(): boolean {
    try {
      return this.frames.next();
    } catch (problem) {
      if (!(problem instanceof WireError)) throw problem;
      if (this.sasl?.complete === false) this.loginFailed('invalid receive size');
      this.close();
      return false;
    }
  }

  /** Takes waiting frames while no request is in work. */
  private pump(): void {
    this.pumping = true;
    while (this.alive && this.mayWork && this.waiting.length > 0) {
      const frame = this.waiting.shift();
      this.waitingBytes -= frame.length;
      this.server.dispatch(this, frame, 0, frame.length);
    }
    this.pumping = false;
    if (this.alive && this.muted && this.waitingBytes <= WAITING_BYTES / 2) this.unmute();
  }

  private get mayWork(): boolean {
    return !this.busy && !this.congested && this.admitted;
  }

  answer(context: RequestContext, body: unknown): void {
    if (!this.alive) return;
    const { writer, host } = this.server.runtime;
    const { api, apiVersion } = context;
    writer.begin();
    writer.int32(0);
    writer.int32(context.correlationId);
    // ApiVersions responses keep header v0 so that any client can read them.
    if (apiVersion >= api.flexibleFrom && api.key !== apis.ApiVersions.key) writer.int8(0);
    api.response.encode(writer, body, apiVersion);
    writer.patchInt32(0, writer.length - 4);
    this.answeredBytes += writer.length;
    host.network.send(this.id, writer.finish());
    this.lastUsedMs = this.server.runtime.nowMs;
    if (this.answeredBytes > LOOK_AFTER_BYTES) {
      this.answeredBytes = 0;
      this.congested = host.network.bufferedBytes(this.id) > HIGH_WATER_BYTES;
    }
    this.requestDone();
  }

  /** A frame without a header: a token after a SASL handshake of version 0. */
  sendBare(token: Uint8Array): void {
    assert(!this.busy, 'a bare token while a request is in work');
    const { writer, host } = this.server.runtime;
    writer.begin();
    writer.int32(token.length);
    writer.raw(token);
    host.network.send(this.id, writer.finish());
  }

  requestDone(): void {
    this.busy = false;
    // Answered from elsewhere than `dispatch`: go on with what waits, at the end of the step.
    if (!this.pumping && this.waiting.length > 0) this.server.runtime.defer(this.pumpLater);
  }

  close(): void {
    if (!this.alive) return;
    this.ended();
    this.server.runtime.close(this.id);
  }

  disconnected(): void {
    if (this.alive) this.ended();
  }

  private ended(): void {
    this.alive = false;
    this.busy = false;
    this.waiting = new Fifo();
    this.server.runtime.timers.cancel(this.idle);
    this.sasl?.ended();
    this.server.forget(this);
  }
}
