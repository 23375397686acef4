import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeBase64, encodeBase64 } from '../../../kafka/base/base64.ts';
import { encodeText } from '../../../kafka/base/text.ts';
import type { Crypto, HashName } from '../../../kafka/host.ts';
import type { SaslStep } from '../../../kafka/security/sasl-exchange.ts';
import {
  ScramFormatter,
  type ScramMechanism,
  scramMechanisms,
} from '../../../kafka/security/scram.ts';
import { ScramExchange } from '../../../kafka/security/scram-exchange.ts';
import { nodeCrypto } from '../../../server/crypto.ts';
import { simCrypto } from '../../../sim/process/crypto.ts';
import { ScramClient } from '../../support/scram-client.ts';

const [sha256, sha512] = scramMechanisms as [ScramMechanism, ScramMechanism];
const SALT = decodeBase64('W22ZaJ0SNY7soEsUEjb6gQ==') as Uint8Array;

function exchange(
  mechanism: ScramMechanism,
  crypto: Crypto,
  nonce = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0',
) {
  const formatter = new ScramFormatter(crypto, mechanism);
  const salted = formatter.saltedPassword('pencil', SALT, 4096);
  const credential = formatter.credential(salted, SALT, 4096);
  const known = new Map([
    ['user', credential],
    ['a=b,c', credential],
  ]);
  const credentialOf = (user: string) => known.get(user);
  return new ScramExchange({ crypto, mechanism, nonce: () => nonce, credentialOf });
}

function text(step: SaslStep): string {
  if (step.kind === 'failed') return `failed: ${step.message}`;
  return Buffer.from(step.token).toString();
}

describe.each([
  ['the laboratory’s', simCrypto],
  ['Node’s', nodeCrypto],
])('SCRAM with %s cryptography', (_, crypto) => {
  test('has the exchange that RFC 7677 shows', () => {
    const server = exchange(sha256, crypto);
    const first = server.evaluate(encodeText('n,,n=user,r=rOprNGfwEbeRWgbNEkqO'));
    const nonce = 'rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0';
    const proof = 'dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=';
    const final = server.evaluate(encodeText(`c=biws,r=${nonce},p=${proof}`));

    expect(text(first)).toBe(`r=${nonce},s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096`);
    expect(text(final)).toBe('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=');
    expect(final).toMatchObject({ kind: 'done', user: 'user' });
  });

  test.each([
    ['sha256', sha256],
    ['sha512', sha512],
  ] as const)(
    'lets in whoever knows the password, by %s, and proves that it knows it',
    (hash, one) => {
      const server = exchange(one, crypto);
      const client = new ScramClient(hash, 'a=b,c', 'pencil');
      const first = server.evaluate(client.first());
      if (first.kind !== 'more') throw new Error(text(first));
      const final = server.evaluate(client.final(first.token));

      expect(final).toMatchObject({ kind: 'done', user: 'a=b,c' });
      expect(final.kind === 'done' && client.trusts(final.token)).toBe(true);
    },
  );

  test('refuses another password, and says nothing about why', () => {
    const server = exchange(sha512, crypto);
    const client = new ScramClient('sha512', 'user', 'pencils');
    const first = server.evaluate(client.first());
    if (first.kind !== 'more') throw new Error(text(first));

    expect(server.evaluate(client.final(first.token))).toEqual({ kind: 'failed', message: null });
  });
});

describe('a SCRAM exchange', () => {
  test.each([
    ['n,,n=nobody,r=abc', null],
    ['y,,n=user,r=abc', null],
    ['p=tls-unique,,n=user,r=abc', null],
    ['n,,n=user,r=a,b', 'r=a'],
    ['n,,n=us=2duer,r=abc', null],
    ['n,,r=abc', null],
    ['', null],
  ])('that begins with "%s"', (message, answer) => {
    const step = exchange(sha256, nodeCrypto).evaluate(encodeText(message));

    if (answer === null) expect(step).toEqual({ kind: 'failed', message: null });
    else expect(text(step)).toContain(answer);
  });

  test('refuses to act for somebody else', () => {
    const step = exchange(sha256, nodeCrypto).evaluate(encodeText('n,a=root,n=user,r=abc'));

    const what = 'Client requested an authorization id that is different from username';
    expect(step).toEqual({ kind: 'failed', message: `Authentication failed: ${what}` });
  });

  test('refuses a proof for another nonce', () => {
    const client = new ScramClient('sha256', 'user', 'pencil');
    const other = exchange(sha256, nodeCrypto, 'other').evaluate(client.first());
    if (other.kind !== 'more') throw new Error(text(other));
    const proof = client.final(other.token);
    const server = exchange(sha256, nodeCrypto);
    server.evaluate(client.first());

    expect(server.evaluate(proof)).toEqual({ kind: 'failed', message: null });
  });

  test('takes a nonce with the client’s half twice, as old librdkafka sends it', () => {
    const nonce = 'ZfsKXw-yN|B{UcY./dL8^uypd-><=jRv';
    const client = new ScramClient('sha256', 'user', 'pencil', nonce);
    const server = exchange(sha256, nodeCrypto);
    const first = server.evaluate(client.first());
    if (first.kind !== 'more') throw new Error(text(first));

    expect(server.evaluate(client.final(first.token, nonce)).kind).toBe('done');
  });

  test('lives through any bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 2 }), (tokens) => {
        const server = exchange(sha256, nodeCrypto);
        const known = encodeText('n,,n=user,r=abc');
        for (const token of [known, ...tokens.slice(0, 1)]) server.evaluate(token);
        expect(exchange(sha256, nodeCrypto).evaluate(tokens[0] ?? known).kind).not.toBe('done');
      }),
    );
  });
});

const hashes: readonly HashName[] = ['SHA-256', 'SHA-512'];

test('both cryptographies give the same bytes', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 300 });
  fc.assert(
    fc.property(
      fc.constantFrom(...hashes),
      bytes,
      bytes,
      fc.integer({ min: 1, max: 50 }),
      (hash, a, b, n) => {
        expect(simCrypto.hash(hash, a)).toEqual(nodeCrypto.hash(hash, a));
        expect(simCrypto.hmac(hash, a, b)).toEqual(nodeCrypto.hmac(hash, a, b));
        expect(simCrypto.pbkdf2(hash, a, b, n)).toEqual(nodeCrypto.pbkdf2(hash, a, b, n));
      },
    ),
  );
});

test('Base64 is Node’s, both ways, and refuses what is none', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      const written = encodeBase64(bytes);
      expect(written).toBe(Buffer.from(bytes).toString('base64'));
      expect(decodeBase64(written)).toEqual(bytes);
    }),
  );
  for (const wrong of ['A', 'AA', 'AAA', 'AA=A', 'A===', 'AA-A', 'AAAA=']) {
    expect(decodeBase64(wrong)).toBeNull();
  }
});
