/** The client's side of SASL, held against the server's: both sides must be content. */
import { describe, expect, test } from 'vitest';
import { beginLogin, type LoginStep } from '../../../kafka/security/login.ts';
import { PlainExchange } from '../../../kafka/security/plain.ts';
import type { SaslExchange } from '../../../kafka/security/sasl-exchange.ts';
import { ScramFormatter, scramMechanisms } from '../../../kafka/security/scram.ts';
import { ScramExchange } from '../../../kafka/security/scram-exchange.ts';
import { nodeCrypto as crypto } from '../../../server/crypto.ts';
import { SystemRandom } from '../../../server/random.ts';

const parts = { crypto, random: new SystemRandom().stream('test') };
const text = (token: Uint8Array): string => Buffer.from(token).toString();
const bytes = (words: string): Uint8Array => new Uint8Array(Buffer.from(words));

function server(mechanism: (typeof scramMechanisms)[number], user: string, password: string) {
  const formatter = new ScramFormatter(crypto, mechanism);
  const salt = bytes('some salt');
  const salted = formatter.saltedPassword(password, salt, 4096);
  const credential = formatter.credential(salted, salt, 4096);
  const credentialOf = (name: string) => (name === user ? credential : undefined);
  return new ScramExchange({ crypto, mechanism, nonce: () => 'theirs', credentialOf });
}

/** How it ends: who the server takes the client for, and what the client makes of the server. */
function converse(
  client: ReturnType<typeof beginLogin>,
  exchange: SaslExchange,
  onTheWay: (token: string) => string = (token) => token,
): string {
  let token = client.first();
  for (;;) {
    const answer = exchange.evaluate(token);
    if (answer.kind === 'failed') return `server: ${answer.message}`;
    const step: LoginStep = client.evaluate(bytes(onTheWay(text(answer.token))));
    if (step.kind === 'failed') return `client: ${step.message}`;
    if (step.kind === 'done') return answer.kind === 'done' ? answer.user : 'too early';
    token = step.token;
  }
}

test.each(scramMechanisms)('$name lets in who knows the password, by any name', (mechanism) => {
  const settings = { mechanism: mechanism.name, user: 'a,b=c', password: 'pä ss' };

  expect(converse(beginLogin(settings, parts), server(mechanism, 'a,b=c', 'pä ss'))).toBe('a,b=c');
  expect(converse(beginLogin(settings, parts), server(mechanism, 'a,b=c', 'other'))).toBe(
    'server: null',
  );
});

test('PLAIN lets in who knows the password', () => {
  const settings = { mechanism: 'PLAIN', user: 'alice', password: 'tea' } as const;
  const options = new Map([['user_alice', 'tea']]);

  expect(converse(beginLogin(settings, parts), new PlainExchange(options))).toBe('alice');
});

describe('a client of SCRAM goes no further with a server that', () => {
  const [mechanism] = scramMechanisms as [(typeof scramMechanisms)[number]];
  const settings = { mechanism: mechanism.name, user: 'alice', password: 'tea' };

  test.each<[string, (token: string) => string, string]>([
    [
      'does not know the password itself',
      (token) => token.replace(/^v=..../, 'v=AAAA'),
      'the server’s signature is wrong: it does not know the password',
    ],
    ['claims no signature at all', (token) => token.replace(/^v=.*/, ''), 'is not SCRAM'],
    ['says an error', (token) => token.replace(/^v=.*/, 'e=other-error'), 'says other-error'],
    ['begins another nonce', (token) => token.replace(/^r=./, 'r=!'), 'does not continue'],
    ['adds nothing to the nonce', (token) => token.replace('theirs', ''), 'does not continue'],
    ['asks for few iterations', (token) => token.replace('i=4096', 'i=1'), 'for 1 iterations, not'],
    [
      'asks for years of work',
      (token) => token.replace('i=4096', 'i=99999999999'),
      'for 99999999999 iterations, not',
    ],
    ['sends what is no Base64', (token) => token.replace(/s=.*,/, 's=*,'), 'is not SCRAM'],
  ])('%s', (_what, onTheWay, words) => {
    const client = beginLogin(settings, parts);
    const ended = converse(client, server(mechanism, 'alice', 'tea'), onTheWay);

    expect(ended).toMatch(/^client: /);
    expect(ended).toContain(words);
  });
});
