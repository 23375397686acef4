/**
 * The serving side of Kafka's protocol on one node: accepts connections, cuts frames, decodes
 * the header and body, hands requests to handlers and sends responses in request order. As in
 * Kafka (SocketServer mutes the channel), one request of a connection is in work at a time; what
 * was pipelined behind it waits.
 */
import { assert } from '../base/assert.ts';
import { Fifo } from '../base/fifo.ts';
import { Reader, WireError } from '../base/reader.ts';
import { decodeText } from '../base/text.ts';
import { Timer } from '../base/timers.ts';
import { type Address, type ConnectionId, HIGH_WATER_BYTES } from '../host.ts';
import { type ApiSpec, apiByKey, apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import { FrameReader } from '../wire/frame.ts';
import { apiVersion, apiVersionsResponse } from '../wire/generated/api-versions-response.ts';
import {
  type ConnectionLimits,
  ConnectionQuotas,
  type Countable,
  NO_LIMITS,
} from './connection-quotas.ts';
import type { Acceptor, ConnectionOwner, NodeRuntime } from './node-runtime.ts';

/** One request on its way to exactly one answer: `respond`, `finish` (acks=0) or `close`. */
export class RequestContext {
  readonly connection: ServerConnection;
  readonly api: ApiSpec<unknown, unknown>;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  private open = true;

  constructor(
    connection: ServerConnection,
    api: ApiSpec<unknown, unknown>,
    apiVersion: number,
    correlationId: number,
    clientId: string | null,
  ) {
    this.connection = connection;
    this.api = api;
    this.apiVersion = apiVersion;
    this.correlationId = correlationId;
    this.clientId = clientId;
  }

  get listener(): string {
    return this.connection.listener;
  }
  get peer(): Address {
    return this.connection.peer;
  }
  /** False once the peer is gone: nobody waits for this answer. */
  get connected(): boolean {
    return this.connection.alive;
  }

  /** Encodes and sends the response; a peer that is gone is not told. */
  respond(body: unknown): void {
    assert(this.open, 'a request was answered twice');
    this.open = false;
    this.connection.answer(this, body);
  }

  /** Ends a request that gets no response (Produce with acks=0). */
  finish(): void {
    assert(this.open, 'a request was answered twice');
    this.open = false;
    this.connection.requestDone();
  }

  /** Ends the request by closing its connection, where Kafka can say an error no other way. */
  close(): void {
    assert(this.open, 'a request was answered twice');
    this.open = false;
    this.connection.close();
  }
}

export type RequestHandler<Req> = (context: RequestContext, request: Req) => void;

interface Served {
  readonly api: ApiSpec<unknown, unknown>;
  readonly minVersion: number;
  readonly maxVersion: number;
  readonly advertisedMinVersion: number;
  readonly handle: RequestHandler<unknown>;
  requests: number;
}

export interface RequestServerOptions {
  /** socket.request.max.bytes */
  readonly maxFrameBytes: number;
  /** connections.max.idle.ms; negative, or left out: never. */
  readonly maxIdleMs?: number;
  readonly limits?: ConnectionLimits;
}

/** Requests that wait behind one in work may take this much; then nothing more is read. */
const WAITING_BYTES = HIGH_WATER_BYTES;
/** After so many bytes of responses it is looked whether the peer takes them. */
const LOOK_AFTER_BYTES = HIGH_WATER_BYTES / 4;

export interface AdvertisedApi {
  readonly apiKey: number;
  readonly minVersion: number;
  readonly maxVersion: number;
}

export class RequestServer implements Acceptor {
  readonly runtime: NodeRuntime;
  readonly maxFrameBytes: number;
  readonly maxIdleMs: number;
  /** Sees every request before its handler does; true: it has taken it over. */
  interceptor: ((context: RequestContext, request: unknown, handle: () => void) => boolean) | null =
    null;
  private readonly quotas: ConnectionQuotas;
  private readonly served: (Served | undefined)[] = [];
  private readonly open = new Set<ServerConnection>();
  private readonly reader = new Reader(new Uint8Array(0));
  private closed = false;

  constructor(runtime: NodeRuntime, options: RequestServerOptions) {
    this.runtime = runtime;
    this.maxFrameBytes = options.maxFrameBytes;
    this.maxIdleMs = options.maxIdleMs ?? -1;
    this.quotas = new ConnectionQuotas(options.limits ?? NO_LIMITS);
    runtime.acceptWith(this);
  }

  /**
   * Serves an API in a range of versions. `advertisedMinVersion` may be lower than `minVersion`
   * (Produce is advertised from 0 though 0-2 are refused, KAFKA-18659).
   */
  serve<Req, Res>(
    api: ApiSpec<Req, Res>,
    range: { minVersion: number; maxVersion: number; advertisedMinVersion?: number },
    handle: RequestHandler<Req>,
  ): void {
    this.served[api.key] = {
      api: api as ApiSpec<unknown, unknown>,
      minVersion: range.minVersion,
      maxVersion: range.maxVersion,
      advertisedMinVersion: range.advertisedMinVersion ?? range.minVersion,
      handle: handle as RequestHandler<unknown>,
      requests: 0,
    };
  }

  /** What ApiVersions answers, by ascending key. */
  advertised(): AdvertisedApi[] {
    const list: AdvertisedApi[] = [];
    for (const one of this.served) {
      if (one === undefined) continue;
      list.push({
        apiKey: one.api.key,
        minVersion: one.advertisedMinVersion,
        maxVersion: one.maxVersion,
      });
    }
    return list;
  }

  accepted(connection: ConnectionId, listener: string, peer: Address): void {
    if (this.closed) {
      this.runtime.host.network.close(connection);
      return;
    }
    const owner = new ServerConnection(this, connection, listener, peer);
    this.open.add(owner);
    this.runtime.own(connection, owner);
    this.quotas.enter(owner);
  }

  get connectionCount(): number {
    return this.open.size;
  }

  /** How often each API was asked for, by name. */
  *requestCounts(): Iterable<readonly [api: string, requests: number]> {
    for (const one of this.served) if (one !== undefined) yield [one.api.name, one.requests];
  }

  /**
   * Closes every connection, and each that still comes (shutdown): nothing may be written any more
   * to logs that are being flushed for good.
   */
  closeAll(): void {
    this.closed = true;
    for (const connection of [...this.open]) connection.close();
  }

  forget(connection: ServerConnection): void {
    this.open.delete(connection);
    this.quotas.left(connection);
  }

  /** Decodes and hands over one frame; closes the connection when it cannot be understood. */
  dispatch(connection: ServerConnection, bytes: Uint8Array, start: number, end: number): void {
    const reader = this.reader;
    reader.reset(bytes, start, end);
    let served: Served | undefined;
    let context: RequestContext;
    let request: unknown;
    try {
      const apiKey = reader.int16();
      const apiVersion = reader.int16();
      const correlationId = reader.int32();
      const clientIdLength = reader.int16();
      const clientId =
        clientIdLength < 0 ? null : decodeText(bytes, reader.take(clientIdLength), clientIdLength);
      served = this.served[apiKey];
      if (served === undefined) return connection.close();
      if (apiVersion < served.minVersion || apiVersion > served.maxVersion) {
        if (apiKey === apis.ApiVersions.key) return this.refuseVersion(connection, correlationId);
        return connection.close();
      }
      if (apiVersion >= served.api.flexibleFrom) reader.skipTags();
      request = served.api.request.decode(reader, apiVersion);
      if (reader.position !== end) return connection.close();
      context = new RequestContext(connection, served.api, apiVersion, correlationId, clientId);
    } catch (problem) {
      if (!(problem instanceof WireError)) throw problem;
      return connection.close();
    }
    connection.busy = true;
    served.requests += 1;
    if (this.interceptor !== null) {
      const { handle } = served;
      if (this.interceptor(context, request, () => handle(context, request))) return;
    }
    served.handle(context, request);
  }

  /** KIP-511: an unknown ApiVersions version is answered in version 0, with the ranges. */
  private refuseVersion(connection: ServerConnection, correlationId: number): void {
    const api = apiByKey(apis.ApiVersions.key) as ApiSpec<unknown, unknown>;
    const context = new RequestContext(connection, api, 0, correlationId, null);
    const apiKeys = this.advertised().map((one) => apiVersion(one));
    connection.busy = true;
    context.respond(apiVersionsResponse({ errorCode: ErrorCode.UNSUPPORTED_VERSION, apiKeys }));
  }
}

class ServerConnection implements ConnectionOwner, Countable {
  readonly id: ConnectionId;
  readonly listener: string;
  readonly peer: Address;
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

  constructor(server: RequestServer, id: ConnectionId, listener: string, peer: Address) {
    this.server = server;
    this.id = id;
    this.listener = listener;
    this.peer = peer;
    this.frames = new FrameReader(server.maxFrameBytes);
    this.lastUsedMs = server.runtime.nowMs;
    this.idle = server.maxIdleMs < 0 ? null : new Timer(() => this.checkIdle());
    this.armIdle();
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
    this.server.forget(this);
  }
}
