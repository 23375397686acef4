/**
 * How a client shows who it is (Kafka: SaslClientAuthenticator's mechanisms, PlainSaslClient,
 * ScramSaslClient): its tokens, one after the other, and what it demands of the server's.
 */
import { decodeBase64, encodeBase64 } from '../base/base64.ts';
import { decodeText, encodeText } from '../base/text.ts';
import type { SaslMechanismName } from '../config/listener-security.ts';
import type { Crypto, RandomStream } from '../host.ts';
import { equalBytes } from './sasl-exchange.ts';
import { MIN_ITERATIONS, ScramFormatter, scramMechanisms, xor } from './scram.ts';

export interface LoginSettings {
  readonly mechanism: SaslMechanismName;
  readonly user: string;
  readonly password: string;
}

export type LoginStep =
  | { readonly kind: 'token'; readonly token: Uint8Array }
  /** The server has shown all that it has to show. */
  | { readonly kind: 'done' }
  | { readonly kind: 'failed'; readonly message: string };

/** One authentication at one server. */
export interface LoginExchange {
  /** What the client begins with. */
  first(): Uint8Array;
  /** Takes the server's next token. Not called again once it is done or has failed. */
  evaluate(challenge: Uint8Array): LoginStep;
}

const NONCE_BYTES = 18;

export function beginLogin(
  settings: LoginSettings,
  { crypto, random }: { readonly crypto: Crypto; readonly random: RandomStream },
): LoginExchange {
  const mechanism = scramMechanisms.find(({ name }) => name === settings.mechanism);
  if (mechanism === undefined) return new PlainLogin(settings);
  const nonce = encodeBase64(random.bytes(NONCE_BYTES));
  return new ScramLogin(settings, new ScramFormatter(crypto, mechanism), nonce);
}

/** RFC 4616. */
class PlainLogin implements LoginExchange {
  private readonly settings: LoginSettings;

  constructor(settings: LoginSettings) {
    this.settings = settings;
  }

  first(): Uint8Array {
    return encodeText(`\0${this.settings.user}\0${this.settings.password}`);
  }

  evaluate(challenge: Uint8Array): LoginStep {
    if (challenge.length === 0) return { kind: 'done' };
    return { kind: 'failed', message: 'the server answered PLAIN with a token of its own' };
  }
}

const SERVER_FIRST =
  /^r=(?<nonce>[!-+\--~]+),s=(?<salt>[A-Za-z0-9+/=]+),i=(?<iterations>\d+)(?:,.*)?$/s;
const SERVER_FINAL = /^v=(?<signature>[A-Za-z0-9+/=]+)(?:,.*)?$/s;
const SERVER_ERROR = /^e=(?<error>[^,]+)(?:,.*)?$/s;
/** No server needs more; one that asks for it would keep its clients busy for hours. */
const MAX_ITERATIONS_TAKEN = 1_000_000;
/** `n,,` in Base64: no channel binding. */
const NO_BINDING = 'biws';

/** RFC 5802, without channel binding. */
class ScramLogin implements LoginExchange {
  private readonly settings: LoginSettings;
  private readonly formatter: ScramFormatter;
  private readonly nonce: string;
  private readonly bare: string;
  /** What the server's last message has to be; null before its first. */
  private signature: Uint8Array | null = null;

  constructor(settings: LoginSettings, formatter: ScramFormatter, nonce: string) {
    this.settings = settings;
    this.formatter = formatter;
    this.nonce = nonce;
    this.bare = `n=${saslName(settings.user)},r=${nonce}`;
  }

  first(): Uint8Array {
    return encodeText(`n,,${this.bare}`);
  }

  evaluate(challenge: Uint8Array): LoginStep {
    const message = decodeText(challenge, 0, challenge.length);
    return this.signature === null ? this.proof(message) : this.verify(message, this.signature);
  }

  private proof(message: string): LoginStep {
    const groups = SERVER_FIRST.exec(message)?.groups as
      | { nonce: string; salt: string; iterations: string }
      | undefined;
    const salt = groups === undefined ? null : decodeBase64(groups.salt);
    if (groups === undefined || salt === null) return refusedBy(message);
    if (!groups.nonce.startsWith(this.nonce) || groups.nonce === this.nonce) {
      return { kind: 'failed', message: 'the server’s nonce does not continue the client’s' };
    }
    const iterations = Number(groups.iterations);
    if (iterations < MIN_ITERATIONS || iterations > MAX_ITERATIONS_TAKEN) {
      const range = `from ${MIN_ITERATIONS} to ${MAX_ITERATIONS_TAKEN}`;
      return {
        kind: 'failed',
        message: `the server asks for ${iterations} iterations, not ${range}`,
      };
    }
    const { formatter } = this;
    const salted = formatter.saltedPassword(this.settings.password, salt, iterations);
    const { storedKey, serverKey } = formatter.credential(salted, salt, iterations);
    const withoutProof = `c=${NO_BINDING},r=${groups.nonce}`;
    const authMessage = `${this.bare},${message},${withoutProof}`;
    const clientSignature = formatter.clientSignature(storedKey, authMessage);
    const proof = encodeBase64(xor(formatter.clientKey(salted), clientSignature));
    this.signature = formatter.serverSignature(serverKey, authMessage);
    return { kind: 'token', token: encodeText(`${withoutProof},p=${proof}`) };
  }

  private verify(message: string, expected: Uint8Array): LoginStep {
    const groups = SERVER_FINAL.exec(message)?.groups as { signature: string } | undefined;
    const signature = groups === undefined ? null : decodeBase64(groups.signature);
    if (signature === null) return refusedBy(message);
    if (equalBytes(signature, expected)) return { kind: 'done' };
    return {
      kind: 'failed',
      message: 'the server’s signature is wrong: it does not know the password',
    };
  }
}

function refusedBy(message: string): LoginStep {
  const groups = SERVER_ERROR.exec(message)?.groups as { error: string } | undefined;
  if (groups === undefined) return { kind: 'failed', message: 'the server’s token is not SCRAM' };
  return { kind: 'failed', message: `the server says ${groups.error}` };
}

function saslName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}
