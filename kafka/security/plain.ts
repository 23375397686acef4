/**
 * SASL PLAIN (RFC 4616; Kafka: PlainSaslServer, PlainServerCallbackHandler): name and password in
 * one token, compared with the `user_NAME` options of the listener's JAAS entry.
 */
import { decodeText, encodeText } from '../base/text.ts';
import { equalBytes, failed, type SaslExchange, type SaslStep } from './sasl-exchange.ts';

const NO_BYTES = new Uint8Array(0);
const USER_PREFIX = 'user_';

export class PlainExchange implements SaslExchange {
  private readonly options: ReadonlyMap<string, string>;

  /** @param options of the JAAS entry. */
  constructor(options: ReadonlyMap<string, string>) {
    this.options = options;
  }

  evaluate(token: Uint8Array): SaslStep {
    const parts = decodeText(token, 0, token.length).split('\0');
    const [authorizationId, user, password] = parts as [string, string, string];
    if (parts.length !== 3) {
      return failed(`Invalid SASL/PLAIN response: expected 3 tokens, got ${parts.length}`);
    }
    if (user === '') return failed('Authentication failed: username not specified');
    if (password === '') return failed('Authentication failed: password not specified');
    const known = this.options.get(USER_PREFIX + user);
    if (known === undefined || !equalBytes(encodeText(password), encodeText(known))) {
      return failed('Authentication failed: Invalid username or password');
    }
    if (authorizationId !== '' && authorizationId !== user) {
      const what = 'Client requested an authorization id that is different from username';
      return failed(`Authentication failed: ${what}`);
    }
    return { kind: 'done', token: NO_BYTES, user };
  }
}
