/**
 * The serving side of Kafka's protocol on one node (Kafka: SocketServer, KafkaRequestHandler):
 * accepts connections, decodes the header and body of what they bring, hands requests to handlers.
 */
import { assert } from '../base/assert.ts';
import { Reader, WireError } from '../base/reader.ts';
import { decodeText } from '../base/text.ts';
import type { Address } from '../host.ts';
import { hostText } from '../security/host-text.ts';
import type { ListenerAuthentication } from '../security/listener-authentication.ts';
import type { Principal } from '../security/principal.ts';
import { oneLine, RefusalLimit } from '../security/refusal-limit.ts';
import { type ApiSpec, apiByKey, apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import { apiVersion, apiVersionsResponse } from '../wire/generated/api-versions-response.ts';
import { type ConnectionLimits, ConnectionQuotas, NO_LIMITS } from './connection-quotas.ts';
import type { Acceptor, NodeRuntime } from './node-runtime.ts';
import { type Accepted, ServerConnection } from './server-connection.ts';

/** One request on its way to exactly one answer: `respond`, `finish` (acks=0) or `close`. */
export class RequestContext {
  readonly connection: ServerConnection;
  readonly api: ApiSpec<unknown, unknown>;
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  private open = true;
  /** Adds to the answer what was decided before the request was handed over. */
  private completion: ((body: never) => unknown) | null = null;
  /** A part was refused of a request that gets no answer. */
  private closesAtEnd = false;

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
  /** Whose request it is. */
  get principal(): Principal {
    return this.connection.principal;
  }
  get peer(): Address {
    return this.connection.peer;
  }
  /** False once the peer is gone: nobody waits for this answer. */
  get connected(): boolean {
    return this.connection.alive;
  }

  /**
   * Only a part of the request is handed on: `complete` makes the answer to the whole of its
   * answer. @param silent it gets none: the connection is closed instead, when it is done.
   */
  completeWith<Res>(complete: (body: Res) => Res, silent = false): void {
    this.completion = complete;
    this.closesAtEnd = silent;
  }

  /** Encodes and sends the response; a peer that is gone is not told. */
  respond(body: unknown): void {
    assert(this.open, 'a request was answered twice');
    this.open = false;
    const { completion } = this;
    this.connection.answer(this, completion === null ? body : completion(body as never));
  }

  /** Ends a request that gets no response (Produce with acks=0). */
  finish(): void {
    assert(this.open, 'a request was answered twice');
    this.open = false;
    if (this.closesAtEnd) this.connection.close();
    else this.connection.requestDone();
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
  handle: RequestHandler<unknown>;
  requests: number;
}

export interface RequestServerOptions {
  /** socket.request.max.bytes */
  readonly maxFrameBytes: number;
  /** connections.max.idle.ms; negative, or left out: never. */
  readonly maxIdleMs?: number;
  readonly limits?: ConnectionLimits;
  /** Of the listeners with SASL, by name. */
  readonly authentications?: ReadonlyMap<string, ListenerAuthentication>;
}

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
  private readonly authentications: RequestServerOptions['authentications'];
  private readonly quotas: ConnectionQuotas;
  private readonly served: (Served | undefined)[] = [];
  private readonly open = new Set<ServerConnection>();
  private readonly reader = new Reader(new Uint8Array(0));
  private readonly refusals = new RefusalLimit();
  private closed = false;

  constructor(runtime: NodeRuntime, options: RequestServerOptions) {
    this.runtime = runtime;
    this.maxFrameBytes = options.maxFrameBytes;
    this.maxIdleMs = options.maxIdleMs ?? -1;
    this.authentications = options.authentications;
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

  /** Puts something before the handlers of all APIs served so far; null: it is served no more. */
  wrapHandlers(
    wrap: (
      api: ApiSpec<unknown, unknown>,
      handle: RequestHandler<unknown>,
    ) => RequestHandler<unknown> | null,
  ): void {
    for (const one of this.served) {
      if (one === undefined) continue;
      const handle = wrap(one.api, one.handle);
      if (handle === null) this.served[one.api.key] = undefined;
      else one.handle = handle;
    }
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

  accepted(input: Accepted): void {
    if (this.closed) {
      this.runtime.host.network.close(input.connection);
      return;
    }
    const owner = new ServerConnection(this, input);
    this.open.add(owner);
    this.runtime.own(input.connection, owner);
    this.quotas.enter(owner);
  }

  /** null: clients of that listener need not authenticate. */
  authenticationOf(listener: string): ListenerAuthentication | null {
    return this.authentications?.get(listener) ?? null;
  }

  /** Tells of a client that was not let in; `why` must not have what it said in secret. */
  loginFailed({ peer, listener }: ServerConnection, why: string): void {
    const untold = this.refusals.next(this.runtime.nowMs);
    if (untold === null) return;
    const { trace } = this.runtime.host;
    trace.emit('login.failed', hostText(peer.host), listener, oneLine(why), untold);
  }

  /** Those that are open. */
  connections(): Iterable<ServerConnection> {
    return this.open.values();
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
    const { sasl } = connection;
    if (sasl !== null && !sasl.admits(bytes, start, end)) return;
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
      // Bytes behind the request mean nothing, as in Kafka (RequestContext.parseRequest): librdkafka
      // 2.12.0 leaves three behind its Metadata request for all topics.
      request = served.api.request.decode(reader, apiVersion);
      context = new RequestContext(connection, served.api, apiVersion, correlationId, clientId);
    } catch (problem) {
      if (!(problem instanceof WireError)) throw problem;
      return connection.close();
    }
    connection.busy = true;
    served.requests += 1;
    if (sasl?.refuses(context, request) === true) return;
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
