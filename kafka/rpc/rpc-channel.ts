/**
 * One outgoing connection to one address, as Kafka's NetworkClient keeps per node: connects on
 * demand, asks ApiVersions first when it negotiates, then authenticates if it has to, matches
 * responses in order, times requests out (which drops the connection), and backs off between
 * attempts to connect.
 */
import { assert } from '../base/assert.ts';
import { Fifo } from '../base/fifo.ts';
import { Reader, WireError } from '../base/reader.ts';
import { Timer } from '../base/timers.ts';
import { type Address, type ConnectionId, HIGH_WATER_BYTES } from '../host.ts';
import type { LoginExchange } from '../security/login.ts';
import { type ApiSpec, apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import { FrameReader } from '../wire/frame.ts';
import type { ApiVersionsResponse } from '../wire/generated/api-versions-response.ts';
import { ChannelLogin, type LoginChannel, type LoginFailure } from './channel-login.ts';
import type { ConnectionOwner, NodeRuntime } from './node-runtime.ts';

export type RpcReply<Res> =
  | { readonly kind: 'response'; readonly body: Res; readonly apiVersion: number }
  /** The connection ended first (or never came up before the deadline): outcome unknown if `sent`. */
  | { readonly kind: 'disconnected'; readonly sent: boolean }
  /** Not answered in time; the connection was dropped for it. */
  | { readonly kind: 'timed-out'; readonly sent: boolean }
  /** The peer speaks no version of this API that we speak too; nothing was sent. */
  | { readonly kind: 'unsupported' };

export interface RpcChannelOptions {
  readonly runtime: NodeRuntime;
  readonly address: Address;
  readonly clientId: string;
  /** Ask ApiVersions after connecting; between brokers the newest version is spoken unasked. */
  readonly negotiate: boolean;
  /** How to authenticate, which needs `negotiate`; left out: not at all. */
  readonly login?: Login | null;
  readonly requestTimeoutMs: number;
  readonly connectionSetupTimeoutMs: number;
  /** Up to which the set-up time-out doubles with each failure; left out: it does not grow. */
  readonly connectionSetupTimeoutMaxMs?: number;
  readonly reconnectBackoffMs: number;
  readonly reconnectBackoffMaxMs: number;
  /**
   * A request that waits for the connection fails with the attempt, instead of waiting for the
   * next one (Kafka: NetworkClientUtils.awaitReady).
   */
  readonly failFast?: boolean;
  /** Told when the channel becomes ready, or loses or fails its connection. */
  readonly onReady?: () => void;
  readonly onDisconnected?: () => void;
  /** Told before `onDisconnected` when the peer, or this side, was not content with who it is. */
  readonly onLoginFailed?: (failure: LoginFailure) => void;
  /** Told when a congested channel takes bytes again. */
  readonly onDrained?: () => void;
  readonly maxFrameBytes?: number;
}

export interface Login {
  readonly mechanism: string;
  /** For each connection anew. */
  readonly begin: () => LoginExchange;
}

interface Pending {
  readonly api: ApiSpec<unknown, unknown>;
  /** The request's, and once it is answered the response's. */
  body: unknown;
  readonly maxVersion: number;
  readonly deadlineMs: number;
  readonly onReply: (reply: RpcReply<never>) => void;
  version: number;
  correlationId: number;
}

const DEFAULT_MAX_FRAME_BYTES = 104_857_600;
/** When a client authenticates again, in percent of what it may stay (ExpiringCredential, KIP-368). */
const LOGIN_AGAIN_PERCENT = { min: 85, max: 95 };
type State = 'idle' | 'connecting' | 'negotiating' | 'authenticating' | 'ready' | 'closed';

export class RpcChannel implements ConnectionOwner, LoginChannel {
  readonly address: Address;
  private readonly options: RpcChannelOptions;
  private readonly runtime: NodeRuntime;
  private state: State = 'idle';
  private connection: ConnectionId | null = null;
  private frames: FrameReader;
  private readonly reader = new Reader(new Uint8Array(0));
  private readonly deadline: Timer;
  private readonly reconnect: Timer;
  private connectAfterMs = 0;
  private setupDeadlineMs = Number.POSITIVE_INFINITY;
  private failures = 0;
  /** Attempts to connect in a row that did not come up. */
  private setupFailures = 0;
  private usedAtMs = 0;
  /** From then on the next request waits until the client has authenticated again. */
  private loginAgainAtMs = Number.POSITIVE_INFINITY;
  private nextCorrelationId = 0;
  /** Sent and unanswered, oldest first. */
  private readonly sent = new Fifo<Pending>();
  /** Not sent yet: the connection is coming up. */
  private queued: Pending[] = [];
  private peerVersions: Map<number, { min: number; max: number }> | null = null;

  constructor(options: RpcChannelOptions) {
    this.options = options;
    this.runtime = options.runtime;
    this.address = options.address;
    this.frames = new FrameReader(options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES);
    this.deadline = new Timer(() => this.checkDeadlines());
    this.reconnect = new Timer(() => this.connect());
  }

  /** True when a request would go out at once. */
  get ready(): boolean {
    return this.state === 'ready' && !this.mustLoginAgain;
  }
  private get mustLoginAgain(): boolean {
    const atMs = this.loginAgainAtMs;
    return atMs !== Number.POSITIVE_INFINITY && this.runtime.nowMs >= atMs;
  }
  get inFlight(): number {
    return this.sent.length;
  }
  /** What was asked and not answered, oldest first; for whoever looks at a node. */
  unanswered(): { readonly api: string; readonly correlationId: number; readonly sent: boolean }[] {
    const sent = Array.from({ length: this.sent.length }, (_, place) => this.sent.at(place));
    const asked = (one: Pending, isSent: boolean) => {
      return { api: one.api.name, correlationId: one.correlationId, sent: isSent };
    };
    return [...sent.map((one) => asked(one, true)), ...this.queued.map((one) => asked(one, false))];
  }
  /** More is queued towards the peer than a well-behaved sender adds to; `onDrained` ends it. */
  get isCongested(): boolean {
    if (this.connection === null) return false;
    return this.runtime.host.network.bufferedBytes(this.connection) > HIGH_WATER_BYTES;
  }
  /** When a connection may be tried again after a failure; in the past when it may now. */
  get retryAtMs(): number {
    return this.connectAfterMs;
  }

  /** Begins to connect unless connected, connecting or backing off; `onReady` tells the end. */
  connect(): void {
    if (this.state === 'ready' && this.mustLoginAgain) this.login();
    if (this.state !== 'idle') return;
    const nowMs = this.runtime.nowMs;
    if (nowMs < this.connectAfterMs) {
      if (!this.reconnect.armed) this.runtime.timers.arm(this.reconnect, this.connectAfterMs);
      return;
    }
    this.state = 'connecting';
    this.connection = this.runtime.connect(this.address, this);
    this.setupDeadlineMs = nowMs + this.setupTimeoutMs();
    this.armDeadline(this.setupDeadlineMs);
  }

  private setupTimeoutMs(): number {
    const { connectionSetupTimeoutMs, connectionSetupTimeoutMaxMs } = this.options;
    const maxMs = connectionSetupTimeoutMaxMs ?? connectionSetupTimeoutMs;
    let timeoutMs = connectionSetupTimeoutMs;
    const doublings = timeoutMs === 0 ? 0 : this.setupFailures;
    for (let i = 0; i < doublings && timeoutMs < maxMs; i++) timeoutMs *= 2;
    return Math.max(connectionSetupTimeoutMs, Math.min(timeoutMs, maxMs));
  }

  /** When a request or response last passed, on the monotonic clock. */
  get lastUsedMs(): number {
    return this.usedAtMs;
  }

  /** Gives up a connection that nothing waits for (connections.max.idle.ms). */
  dropIdle(): void {
    if (this.state === 'ready' && this.inFlight === 0) this.drop();
  }

  /** Drops the connection on purpose; what is in flight is answered `disconnected`. */
  disconnect(): void {
    if (this.connection !== null) this.drop();
  }

  /**
   * Sends a request, or queues it while the connection comes up. Exactly one `onReply` follows,
   * in a later step or later in this one; none after `close`.
   */
  send<Req, Res>(
    api: ApiSpec<Req, Res>,
    body: Req,
    onReply: (reply: RpcReply<Res>) => void,
    options: { maxVersion?: number; timeoutMs?: number } = {},
  ): void {
    assert(this.state !== 'closed', 'send on a closed channel');
    const pending: Pending = {
      api: api as unknown as ApiSpec<unknown, unknown>,
      body,
      maxVersion: options.maxVersion ?? api.maxVersion,
      deadlineMs: this.runtime.nowMs + (options.timeoutMs ?? this.options.requestTimeoutMs),
      onReply: onReply as (reply: RpcReply<never>) => void,
      version: -1,
      correlationId: 0,
    };
    if (this.ready) this.transmit(pending);
    else {
      this.queued.push(pending);
      this.armDeadline(pending.deadlineMs);
      this.connect();
    }
  }

  /** Sends a request that gets no response (Produce with acks=0); the channel must be ready. */
  sendOneWay<Req, Res>(api: ApiSpec<Req, Res>, body: Req): boolean {
    assert(this.ready, 'one-way send on a channel that is not ready');
    const version = this.versionOf(api as unknown as ApiSpec<unknown, unknown>, api.maxVersion);
    if (version < 0) return false;
    this.encode(api as unknown as ApiSpec<unknown, unknown>, version, body);
    return true;
  }

  /** The version that would be used, -1 when there is no common one. Known once ready. */
  versionOf(api: ApiSpec<unknown, unknown>, maxVersion: number): number {
    if (this.peerVersions === null) return maxVersion;
    const theirs = this.peerVersions.get(api.key);
    if (theirs === undefined) return -1;
    const version = Math.min(maxVersion, theirs.max);
    return version < api.minVersion || version < theirs.min ? -1 : version;
  }

  private transmit(pending: Pending): void {
    pending.version = this.versionOf(pending.api, pending.maxVersion);
    if (pending.version < 0) {
      this.runtime.defer(() => pending.onReply({ kind: 'unsupported' }));
      return;
    }
    pending.correlationId = this.encode(pending.api, pending.version, pending.body);
    this.sent.push(pending);
    this.armDeadline(pending.deadlineMs);
  }

  private encode(api: ApiSpec<unknown, unknown>, version: number, body: unknown): number {
    const correlationId = this.nextCorrelationId;
    this.nextCorrelationId = (correlationId + 1) & 0x7fffffff;
    const { writer, host } = this.runtime;
    this.usedAtMs = this.runtime.nowMs;
    writer.begin();
    writer.int32(0);
    writer.int16(api.key);
    writer.int16(version);
    writer.int32(correlationId);
    writer.string(this.options.clientId);
    if (version >= api.flexibleFrom) writer.int8(0);
    api.request.encode(writer, body, version);
    writer.patchInt32(0, writer.length - 4);
    host.network.send(this.connection as ConnectionId, writer.finish());
    return correlationId;
  }

  connected(): void {
    this.setupFailures = 0;
    this.usedAtMs = this.runtime.nowMs;
    this.setupDeadlineMs = Number.POSITIVE_INFINITY;
    if (this.options.negotiate) this.negotiate(apis.ApiVersions.maxVersion);
    else this.becomeReady();
  }

  private negotiate(version: number): void {
    this.state = 'negotiating';
    const body = { clientSoftwareName: 'kafka-trial', clientSoftwareVersion: '0.1.0' };
    this.ask(apis.ApiVersions, version, body, (answer, apiVersion) => {
      this.negotiated(answer, apiVersion);
    });
  }

  /** What is asked before the channel is ready; no answer means that the connection has ended. */
  ask<Req, Res>(
    api: ApiSpec<Req, Res>,
    version: number,
    body: Req,
    answered: (body: Res, apiVersion: number) => void,
  ): void {
    const pending: Pending = {
      api: api as unknown as ApiSpec<unknown, unknown>,
      body,
      maxVersion: version,
      deadlineMs: this.runtime.nowMs + this.options.requestTimeoutMs,
      onReply: (reply: RpcReply<Res>) => {
        if (reply.kind === 'response') answered(reply.body, reply.apiVersion);
      },
      version,
      correlationId: 0,
    };
    pending.correlationId = this.encode(pending.api, version, body);
    this.sent.push(pending);
    this.armDeadline(pending.deadlineMs);
  }

  private negotiated({ errorCode, apiKeys }: ApiVersionsResponse, apiVersion: number): void {
    const range = apiKeys.find((one) => one.apiKey === apis.ApiVersions.key);
    if (errorCode === ErrorCode.UNSUPPORTED_VERSION && apiVersion > 0) {
      this.negotiate(Math.min(range?.maxVersion ?? 0, apiVersion - 1));
      return;
    }
    if (errorCode !== ErrorCode.NONE) return this.drop();
    this.peerVersions = new Map(
      apiKeys.map((one) => [one.apiKey, { min: one.minVersion, max: one.maxVersion }]),
    );
    this.login();
  }

  private login(): void {
    const { login } = this.options;
    if (login === undefined || login === null) return this.becomeReady();
    this.state = 'authenticating';
    new ChannelLogin(this, login.mechanism, login.begin()).begin();
  }

  loggedIn(lifetimeMs: number): void {
    this.loginAgainAtMs = Number.POSITIVE_INFINITY;
    if (lifetimeMs > 0) {
      const { min, max } = LOGIN_AGAIN_PERCENT;
      const percent = this.runtime.host.random.stream('login-again').int(min, max);
      this.loginAgainAtMs = this.runtime.nowMs + Math.floor((lifetimeMs * percent) / 100);
    }
    this.becomeReady();
  }

  loginFailed(failure: LoginFailure): void {
    const { queued } = this;
    this.queued = [];
    this.options.onLoginFailed?.(failure);
    this.drop();
    for (const pending of queued) pending.onReply({ kind: 'disconnected', sent: false });
  }

  private becomeReady(): void {
    this.state = 'ready';
    this.failures = 0;
    const queued = this.queued;
    this.queued = [];
    for (const pending of queued) this.transmit(pending);
    this.options.onReady?.();
  }

  drained(): void {
    this.options.onDrained?.();
  }

  received(bytes: Uint8Array): void {
    this.frames.push(bytes);
    while (this.connection !== null) {
      const pending = this.nextResponse();
      if (pending === null) return;
      const { body } = pending;
      pending.onReply({ kind: 'response', body: body as never, apiVersion: pending.version });
    }
  }

  /** The request whose response comes next, its `body` now the response; null when none is whole. */
  private nextResponse(): Pending | null {
    try {
      const { frames } = this;
      return frames.next() ? this.response(frames.bytes, frames.start, frames.end) : null;
    } catch (problem) {
      if (!(problem instanceof WireError)) throw problem;
      this.drop();
      return null;
    }
  }

  private response(bytes: Uint8Array, start: number, end: number): Pending {
    const reader = this.reader;
    reader.reset(bytes, start, end);
    const correlationId = reader.int32();
    const pending = this.sent.peek();
    if (pending === null || pending.correlationId !== correlationId) {
      throw new WireError('invalid-value', `response ${correlationId} was not asked for`);
    }
    // KIP-511: a version 0 error body may answer any version of ApiVersions.
    let version = pending.version;
    const isApiVersions = pending.api.key === apis.ApiVersions.key;
    if (isApiVersions && version > 0) {
      const errorCode = reader.int16();
      reader.position -= 2;
      if (errorCode === ErrorCode.UNSUPPORTED_VERSION) version = 0;
    }
    if (version >= pending.api.flexibleFrom && !isApiVersions) reader.skipTags();
    pending.body = pending.api.response.decode(reader, version);
    if (reader.position !== end) {
      throw new WireError('trailing-bytes', `${end - reader.position} bytes after a response`);
    }
    this.sent.shift();
    return pending;
  }

  disconnected(): void {
    this.connection = null;
    this.lost(null);
  }

  /** Closes the connection; what is in flight is answered `disconnected`. */
  private drop(timedOutAtMs: number | null = null): void {
    const connection = this.connection;
    this.connection = null;
    if (connection !== null) this.runtime.close(connection);
    this.lost(timedOutAtMs);
  }

  private lost(timedOutAtMs: number | null): void {
    if (this.state === 'closed') return;
    if (this.state === 'connecting') this.setupFailures += 1;
    this.state = 'idle';
    this.peerVersions = null;
    this.loginAgainAtMs = Number.POSITIVE_INFINITY;
    this.setupDeadlineMs = Number.POSITIVE_INFINITY;
    this.frames = new FrameReader(this.options.maxFrameBytes ?? DEFAULT_MAX_FRAME_BYTES);
    this.backOff();
    const sent = this.sent.drain();
    const unsent = this.options.failFast === true ? this.queued : [];
    // What is sent from the replies below belongs to the next attempt.
    if (this.options.failFast === true) this.queued = [];
    this.options.onDisconnected?.();
    for (const pending of sent) {
      const expired = timedOutAtMs !== null && pending.deadlineMs <= timedOutAtMs;
      pending.onReply({ kind: expired ? 'timed-out' : 'disconnected', sent: true });
    }
    for (const pending of unsent) pending.onReply({ kind: 'disconnected', sent: false });
    if (this.queued.length > 0) this.connect();
  }

  /** reconnect.backoff.ms doubling up to its maximum, ±20 % (Kafka: ClusterConnectionStates). */
  private backOff(): void {
    const { reconnectBackoffMs, reconnectBackoffMaxMs } = this.options;
    let backoffMs = reconnectBackoffMs;
    // Without a backoff there is nothing to double, and failures may be many.
    const doublings = backoffMs === 0 ? 0 : this.failures;
    for (let i = 0; i < doublings && backoffMs < reconnectBackoffMaxMs; i++) backoffMs *= 2;
    backoffMs = Math.min(backoffMs, reconnectBackoffMaxMs);
    this.failures += 1;
    const random = this.runtime.host.random.stream('reconnect-backoff');
    const jitter = Math.floor(backoffMs / 5);
    this.connectAfterMs = this.runtime.nowMs + backoffMs + random.int(-jitter, jitter);
  }

  private armDeadline(atMs: number): void {
    if (!this.deadline.armed || atMs < this.deadline.atMs) {
      this.runtime.timers.arm(this.deadline, atMs);
    }
  }

  private get closed(): boolean {
    return this.state === 'closed';
  }

  /** One lazily re-armed timer for the whole channel. */
  private checkDeadlines(): void {
    const nowMs = this.runtime.nowMs;
    if (nowMs >= this.setupDeadlineMs) this.drop();
    let nextMs = this.setupDeadlineMs;
    let expired = false;
    for (let i = 0; i < this.sent.length; i++) {
      const { deadlineMs } = this.sent.at(i);
      if (deadlineMs <= nowMs) expired = true;
      else if (deadlineMs < nextMs) nextMs = deadlineMs;
    }
    if (expired) this.drop(nowMs);
    const late = this.queued.filter((pending) => pending.deadlineMs <= nowMs);
    if (late.length > 0) this.queued = this.queued.filter((one) => one.deadlineMs > nowMs);
    for (const pending of late) pending.onReply({ kind: 'timed-out', sent: false });
    for (const pending of this.queued) nextMs = Math.min(nextMs, pending.deadlineMs);
    // Whoever was answered may have closed the channel.
    if (nextMs !== Number.POSITIVE_INFINITY && !this.closed) this.armDeadline(nextMs);
  }

  /** Ends the channel for good; nothing is answered any more. */
  close(): void {
    this.state = 'closed';
    this.sent.drain();
    this.queued = [];
    this.runtime.timers.cancel(this.deadline);
    this.runtime.timers.cancel(this.reconnect);
    const connection = this.connection;
    this.connection = null;
    if (connection !== null) this.runtime.close(connection);
  }
}
