/**
 * The server's side of a SCRAM exchange (RFC 5802; Kafka: ScramSaslServer, ScramMessages), without
 * channel binding. What goes wrong is told as little as possible: who guesses names or passwords
 * learns nothing from it. Delegation tokens (`tokenauth=true`) are not there: unknown extensions
 * are passed over.
 */
import { decodeBase64, encodeBase64 } from '../base/base64.ts';
import { decodeText, encodeText } from '../base/text.ts';
import type { Crypto } from '../host.ts';
import { equalBytes, failed, type SaslExchange, type SaslStep } from './sasl-exchange.ts';
import {
  MIN_ITERATIONS,
  type ScramCredential,
  ScramFormatter,
  type ScramMechanism,
} from './scram.ts';

const NAME = '(?:[^=,]|=2C|=3D)+';
const NONCE = '[!-+\\--~]+';
/** The gs2 header without channel binding; then name, nonce, extensions. */
const CLIENT_FIRST = new RegExp(
  `^n,(?:a=(?<authorizationId>${NAME}))?,` +
    `(?<bare>(?:m=[^,]*,)?n=(?<name>${NAME}),r=(?<nonce>${NONCE})(?:,.*)?)$`,
  's',
);
const CLIENT_FINAL = new RegExp(
  `^(?<withoutProof>c=[A-Za-z0-9+/=]+,r=(?<nonce>${NONCE})(?:,.*)?),p=(?<proof>[A-Za-z0-9+/=]+)$`,
  's',
);

export interface ScramParts {
  readonly crypto: Crypto;
  readonly mechanism: ScramMechanism;
  /** The server's half of the nonce: printable, without commas. */
  readonly nonce: () => string;
  readonly credentialOf: (user: string) => ScramCredential | undefined;
}

interface Begun {
  readonly user: string;
  readonly credential: ScramCredential;
  /** The client's and the server's. */
  readonly nonce: string;
  /** The first two messages of the exchange. */
  readonly messages: string;
}

export class ScramExchange implements SaslExchange {
  private readonly parts: ScramParts;
  private readonly formatter: ScramFormatter;
  private begun: Begun | null = null;

  constructor(parts: ScramParts) {
    this.parts = parts;
    this.formatter = new ScramFormatter(parts.crypto, parts.mechanism);
  }

  evaluate(token: Uint8Array): SaslStep {
    const message = decodeText(token, 0, token.length);
    return this.begun === null ? this.first(message) : this.final(message, this.begun);
  }

  private first(message: string): SaslStep {
    const groups = CLIENT_FIRST.exec(message)?.groups as
      | { authorizationId?: string; bare: string; name: string; nonce: string }
      | undefined;
    if (groups === undefined) return failed(null);
    const user = nameOf(groups.name);
    const credential = this.parts.credentialOf(user);
    if (credential === undefined) return failed(null);
    if (groups.authorizationId !== undefined && nameOf(groups.authorizationId) !== user) {
      const what = 'Client requested an authorization id that is different from username';
      return failed(`Authentication failed: ${what}`);
    }
    const { salt, iterations } = credential;
    if (iterations < MIN_ITERATIONS) return failed(null);
    const nonce = groups.nonce + this.parts.nonce();
    const answer = `r=${nonce},s=${encodeBase64(salt)},i=${iterations}`;
    this.begun = { user, credential, nonce, messages: `${groups.bare},${answer}` };
    return { kind: 'more', token: encodeText(answer) };
  }

  private final(message: string, { user, credential, nonce, messages }: Begun): SaslStep {
    const groups = CLIENT_FINAL.exec(message)?.groups as
      | { withoutProof: string; nonce: string; proof: string }
      | undefined;
    const proof = groups === undefined ? null : decodeBase64(groups.proof);
    if (groups === undefined || proof === null) return failed(null);
    // Older librdkafka (2.0.2 does) puts its own half before it once more, and Kafka lets it pass.
    if (!groups.nonce.endsWith(nonce)) return failed(null);
    const authMessage = `${messages},${groups.withoutProof}`;
    const { storedKey, serverKey } = credential;
    const proven = this.formatter.provenKey(proof, storedKey, authMessage);
    if (!equalBytes(proven, storedKey)) return failed(null);
    const signature = this.formatter.serverSignature(serverKey, authMessage);
    return { kind: 'done', token: encodeText(`v=${encodeBase64(signature)}`), user };
  }
}

function nameOf(saslName: string): string {
  return saslName.replaceAll('=2C', ',').replaceAll('=3D', '=');
}
