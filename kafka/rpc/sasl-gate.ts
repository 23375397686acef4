/**
 * Lets through a connection of a SASL listener what fits the state of its authentication (Kafka:
 * SaslServerAuthenticator): at first only ApiVersions and SaslHandshake, then the tokens of the
 * mechanism, in SaslAuthenticate requests or, after a handshake of version 0, bare. What fails is
 * told, and answered late, so that guessing is slow, and then the connection is closed; one that
 * begins with something else is closed at once. A client may authenticate again while it is
 * connected, and must where connections.max.reauth.ms says so (KIP-368).
 */
import { assert } from '../base/assert.ts';
import { Timer } from '../base/timers.ts';
import type { ListenerAuthentication } from '../security/listener-authentication.ts';
import { principalText, samePrincipal, userPrincipal } from '../security/principal.ts';
import type { SaslExchange, SaslStep } from '../security/sasl-exchange.ts';
import { apiByKey, apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import { saslAuthenticateResponse } from '../wire/generated/sasl-authenticate-response.ts';
import { saslHandshakeResponse } from '../wire/generated/sasl-handshake-response.ts';
import { answerWithError } from './error-answers.ts';
import type { RequestContext } from './request-server.ts';
import type { ServerConnection } from './server-connection.ts';

type State =
  /** Nothing has come, or the client did not know the versions. */
  | 'versions-or-handshake'
  | 'handshake'
  | 'tokens'
  | 'bare-tokens'
  /** It wants to authenticate again by another mechanism: refused at its first token. */
  | 'other-mechanism'
  | 'complete'
  | 'failed';

/** Sooner, a client may not authenticate again. */
const MIN_REAUTH_INTERVAL_MS = 1000;
/** From then on tokens come in SaslAuthenticate requests. */
const HANDSHAKE_WITH_AUTHENTICATE = 1;

export class SaslGate {
  private readonly connection: ServerConnection;
  private readonly listener: ListenerAuthentication;
  private state: State = 'versions-or-handshake';
  private mechanism = '';
  private exchange: SaslExchange | null = null;
  /** It has authenticated before, and does so again. */
  private again = false;
  private lastAgainMs = Number.NEGATIVE_INFINITY;
  /** Monotonic ms; Infinity: never. */
  private expiresAtMs = Number.POSITIVE_INFINITY;
  private failing: Timer | null = null;

  constructor(connection: ServerConnection, listener: ListenerAuthentication) {
    this.connection = connection;
    this.listener = listener;
  }

  get complete(): boolean {
    return this.state === 'complete';
  }

  /** Whether a frame is to be dispatched; if not, all that is to be done about it is done. */
  admits(bytes: Uint8Array, start: number, end: number): boolean {
    const apiKey =
      end - start < 2 ? -1 : ((bytes[start] as number) << 8) | (bytes[start + 1] as number);
    switch (this.state) {
      case 'complete':
        return this.admitsAuthenticated(apiKey);
      case 'bare-tokens':
        this.bareToken(bytes.slice(start, end));
        return false;
      case 'other-mechanism':
        this.fail(`a client of ${this.mechanism} wanted to go on with another mechanism`, null);
        return false;
      case 'versions-or-handshake':
        if (apiKey === apis.ApiVersions.key || apiKey === apis.SaslHandshake.key) return true;
        break;
      case 'handshake':
        if (apiKey === apis.SaslHandshake.key) return true;
        break;
      case 'tokens':
        return true;
      default:
        assert(false, 'a request came through after authentication had failed');
    }
    // To Kafka this is no failed login but a broken client: neither late nor with an answer.
    const name = apiByKey(apiKey)?.name ?? 'no request of Kafka';
    this.connection.loginFailed(`unexpected during the handshake: ${name}; a client without SASL?`);
    this.connection.close();
    return false;
  }

  /** What is no token where one has to come is answered with an error in its own form, late. */
  refuses(context: RequestContext, request: unknown): boolean {
    if (this.state !== 'tokens' || context.api.key === apis.SaslAuthenticate.key) return false;
    const why = `unexpected during authentication: ${context.api.name}`;
    this.fail(why, () => answerWithError(context, request, ErrorCode.ILLEGAL_SASL_STATE));
    return true;
  }

  private admitsAuthenticated(apiKey: number): boolean {
    const nowMs = this.nowMs;
    if (this.expiresAtMs === Number.POSITIVE_INFINITY) return true;
    const mayAgain = nowMs - this.lastAgainMs >= MIN_REAUTH_INTERVAL_MS;
    if (apiKey === apis.SaslHandshake.key && mayAgain) {
      this.lastAgainMs = nowMs;
      this.again = true;
      this.state = 'handshake';
      return true;
    }
    if (nowMs <= this.expiresAtMs) return true;
    this.connection.close();
    return false;
  }

  private get nowMs(): number {
    return this.connection.runtime.nowMs;
  }

  /** The client was told what versions there are: next must come the handshake. */
  versionsTold(): void {
    if (this.state === 'versions-or-handshake') this.state = 'handshake';
  }

  handshake(context: RequestContext, mechanism: string): void {
    const { mechanisms } = this.listener;
    const exchange = this.listener.begin(mechanism);
    if (exchange === null) {
      const errorCode = ErrorCode.UNSUPPORTED_SASL_MECHANISM;
      const refused = saslHandshakeResponse({ errorCode, mechanisms: [...mechanisms] });
      return this.fail(`unsupported SASL mechanism ${mechanism}`, () => context.respond(refused));
    }
    if (this.again && mechanism !== this.mechanism) this.state = 'other-mechanism';
    else {
      this.mechanism = mechanism;
      this.exchange = exchange;
      const bare = context.apiVersion < HANDSHAKE_WITH_AUTHENTICATE;
      this.state = bare ? 'bare-tokens' : 'tokens';
    }
    context.respond(saslHandshakeResponse({ mechanisms: [...mechanisms] }));
  }

  authenticate(context: RequestContext, token: Uint8Array): void {
    const step = this.evaluate(token);
    if (step.kind === 'failed') {
      const errorCode = ErrorCode.SASL_AUTHENTICATION_FAILED;
      const errorMessage = step.message ?? this.unspecific();
      const refused = saslAuthenticateResponse({ errorCode, errorMessage });
      return this.fail(errorMessage, () => context.respond(refused));
    }
    const sessionLifetimeMs = step.kind === 'done' ? this.authenticated(step.user) : 0;
    context.respond(
      saslAuthenticateResponse({ errorMessage: null, authBytes: step.token, sessionLifetimeMs }),
    );
  }

  private bareToken(token: Uint8Array): void {
    const step = this.evaluate(token);
    if (step.kind === 'failed') return this.fail(step.message ?? this.unspecific(), null);
    if (step.kind === 'done') this.authenticated(step.user);
    this.connection.sendBare(step.token);
  }

  private evaluate(token: Uint8Array): SaslStep {
    assert(this.exchange !== null, 'a token without a handshake');
    const step = this.exchange.evaluate(token);
    if (step.kind !== 'done' || !this.again) return step;
    const { principal } = this.connection;
    const now = userPrincipal(step.user);
    if (samePrincipal(principal, now)) return step;
    const change = `${principalText(principal)} to ${principalText(now)}`;
    const message = `Cannot change principals during re-authentication from ${change}`;
    return { kind: 'failed', message };
  }

  private unspecific(): string {
    const when = this.again ? 're-authentication' : 'authentication';
    const why = `due to invalid credentials with SASL mechanism ${this.mechanism}`;
    return `Authentication failed during ${when} ${why}`;
  }

  /** @returns how long this is good for, 0: as long as the connection lasts. */
  private authenticated(user: string): number {
    this.state = 'complete';
    this.exchange = null;
    this.connection.authenticated(userPrincipal(user));
    const lifetimeMs = this.listener.maxReauthMs(this.mechanism);
    if (lifetimeMs <= 0) return 0;
    this.expiresAtMs = this.nowMs + lifetimeMs;
    return lifetimeMs;
  }

  /** Says so, if there is a way to, after the delay; nothing more is read meanwhile. */
  private fail(why: string, answer: (() => void) | null): void {
    const { connection } = this;
    connection.loginFailed(why);
    this.state = 'failed';
    connection.busy = true;
    const end = (): void => {
      // The answer would let the next request in, if the connection went on.
      answer?.();
      connection.close();
    };
    const { failureDelayMs } = this.listener;
    if (failureDelayMs === 0) return end();
    this.failing = new Timer(end);
    connection.runtime.timers.arm(this.failing, this.nowMs + failureDelayMs);
  }

  /** The connection is gone. */
  ended(): void {
    if (this.failing !== null) this.connection.runtime.timers.cancel(this.failing);
  }
}
