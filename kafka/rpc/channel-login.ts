/**
 * The authentication of one outgoing connection: the handshake that names the mechanism, then
 * tokens until both sides are content (Kafka: SaslClientAuthenticator). Kafka's clients ask for
 * the versions once more afterwards; they are the same, so that once is enough here.
 */
import type { LoginExchange } from '../security/login.ts';
import { type ApiSpec, apis } from '../wire/apis.ts';
import { ErrorCode, errorMessage } from '../wire/errors.ts';
import type { SaslAuthenticateResponse } from '../wire/generated/sasl-authenticate-response.ts';
import type { SaslHandshakeResponse } from '../wire/generated/sasl-handshake-response.ts';

/** Kafka's name of the exception, and what it says. */
export interface LoginFailure {
  readonly error: string;
  readonly message: string;
}

export interface LoginChannel {
  /** Sends a request of the login; the answer comes unless the connection ends before. */
  ask<Req, Res>(
    api: ApiSpec<Req, Res>,
    version: number,
    body: Req,
    answered: (body: Res) => void,
  ): void;
  /** -1: the peer does not have it. */
  versionOf(api: ApiSpec<unknown, unknown>, maxVersion: number): number;
  /** @param lifetimeMs after which it must be done again; 0: never. */
  loggedIn(lifetimeMs: number): void;
  loginFailed(failure: LoginFailure): void;
}

/** From this version on tokens come in SaslAuthenticate requests. */
const HANDSHAKE_WITH_AUTHENTICATE = 1;

export class ChannelLogin {
  private readonly channel: LoginChannel;
  private readonly mechanism: string;
  private readonly exchange: LoginExchange;

  constructor(channel: LoginChannel, mechanism: string, exchange: LoginExchange) {
    this.channel = channel;
    this.mechanism = mechanism;
    this.exchange = exchange;
  }

  begin(): void {
    const { channel, mechanism } = this;
    const api = apis.SaslHandshake;
    const version = channel.versionOf(api as unknown as ApiSpec<unknown, unknown>, api.maxVersion);
    if (version < HANDSHAKE_WITH_AUTHENTICATE) {
      const message = `${mechanism} was to be used where nobody asks for SASL`;
      return channel.loginFailed({ error: 'IllegalSaslStateException', message });
    }
    channel.ask(api, version, { mechanism }, (body) => this.agreed(body));
  }

  private agreed({ errorCode, mechanisms }: SaslHandshakeResponse): void {
    const { channel, mechanism } = this;
    const enabled = `enabled mechanisms are [${mechanisms.join(', ')}]`;
    if (errorCode === ErrorCode.NONE) this.send(this.exchange.first());
    else if (errorCode === ErrorCode.UNSUPPORTED_SASL_MECHANISM) {
      const message = `SASL mechanism ${mechanism} is not enabled in the server, ${enabled}`;
      channel.loginFailed({ error: 'UnsupportedSaslMechanismException', message });
    } else {
      const message = `the server did not expect a handshake with ${mechanism}, ${enabled}`;
      channel.loginFailed({ error: 'IllegalSaslStateException', message });
    }
  }

  private send(authBytes: Uint8Array): void {
    const { channel } = this;
    const api = apis.SaslAuthenticate;
    const version = channel.versionOf(api as unknown as ApiSpec<unknown, unknown>, api.maxVersion);
    if (version < 0) {
      const message = 'the server does not have SaslAuthenticate';
      return channel.loginFailed({ error: 'UnsupportedVersionException', message });
    }
    channel.ask(api, version, { authBytes }, (body) => this.answered(body));
  }

  private answered({ errorCode, ...body }: SaslAuthenticateResponse): void {
    const { channel } = this;
    if (errorCode !== ErrorCode.NONE) {
      const said = body.errorMessage ?? errorMessage(errorCode as ErrorCode);
      return channel.loginFailed({ error: 'SaslAuthenticationException', message: said });
    }
    const step = this.exchange.evaluate(body.authBytes);
    if (step.kind === 'token') this.send(step.token);
    else if (step.kind === 'done') channel.loggedIn(body.sessionLifetimeMs);
    else channel.loginFailed({ error: 'SaslAuthenticationException', message: step.message });
  }
}
