import { describe, expect, test } from 'vitest';
import { encodeText } from '../../../kafka/base/text.ts';
import { parseJaas } from '../../../kafka/config/jaas.ts';
import { parseScramCredentials } from '../../../kafka/config/scram-credentials.ts';
import { PlainExchange } from '../../../kafka/security/plain.ts';

const MODULE = 'org.apache.kafka.common.security.plain.PlainLoginModule';

describe('a JAAS entry', () => {
  test('has its options with their quotes taken away', () => {
    const text = `${MODULE} required\n  username="admin" user_a='it "is"' user_b="q\\"uote;=" user_c=bare;`;

    expect(parseJaas(text)).toEqual({
      module: MODULE,
      options: new Map([
        ['username', 'admin'],
        ['user_a', 'it "is"'],
        ['user_b', 'q"uote;='],
        ['user_c', 'bare'],
      ]),
    });
  });

  test.each([
    '',
    MODULE,
    `${MODULE} required`,
    `${MODULE} needed user_a="a";`,
    `${MODULE} required user_a "a";`,
    `${MODULE} required user_a="a;`,
    `${MODULE} required user_a=;`,
    `${MODULE} required user_a="a"; more`,
  ])('cannot be read from: %s', (text) => {
    expect(parseJaas(text)).toBeNull();
  });
});

describe('SASL PLAIN', () => {
  const users = new Map([
    ['user_alice', 'secret'],
    ['username', 'x'],
    ['user_ünï', 'pässwörd'],
  ]);
  const evaluate = (text: string) => new PlainExchange(users).evaluate(encodeText(text));

  test.each(['\0alice\0secret', 'alice\0alice\0secret'])('lets in by %j', (token) => {
    expect(evaluate(token)).toMatchObject({ kind: 'done', user: 'alice' });
  });

  test('takes names and passwords in UTF-8', () => {
    expect(evaluate('\0ünï\0pässwörd')).toMatchObject({ kind: 'done', user: 'ünï' });
  });

  test.each([
    ['\0alice\0wrong', 'Authentication failed: Invalid username or password'],
    ['\0alice\0secret2', 'Authentication failed: Invalid username or password'],
    ['\0name\0x', 'Authentication failed: Invalid username or password'],
    ['\0\0secret', 'Authentication failed: username not specified'],
    ['\0alice\0', 'Authentication failed: password not specified'],
    ['alice\0secret', 'Invalid SASL/PLAIN response: expected 3 tokens, got 2'],
    ['\0alice\0secret\0', 'Invalid SASL/PLAIN response: expected 3 tokens, got 4'],
    [
      'bob\0alice\0secret',
      'Authentication failed: Client requested an authorization id that is different from username',
    ],
  ])('refuses %j', (token, message) => {
    expect(evaluate(token)).toEqual({ kind: 'failed', message });
  });
});

describe('the first SCRAM users of a cluster', () => {
  test('are read as kafka-storage format takes them', () => {
    const text =
      'SCRAM-SHA-256=[name=alice,password=a=b]; SCRAM-SHA-512=[name="bob",iterations=8192,password="p"]';

    expect(parseScramCredentials(text)).toEqual([
      { mechanism: 'SCRAM-SHA-256', name: 'alice', password: 'a=b', iterations: 4096 },
      { mechanism: 'SCRAM-SHA-512', name: 'bob', password: 'p', iterations: 8192 },
    ]);
  });

  test.each([
    'SCRAM-SHA-1=[name=a,password=b]',
    'SCRAM-SHA-256=[name=a]',
    'SCRAM-SHA-256=[password=b]',
    'SCRAM-SHA-256=[name=a,password=b,iterations=4095]',
    'SCRAM-SHA-256=[name=a,password=b,salt=c]',
    'SCRAM-SHA-256=name=a,password=b',
  ])('are not read from %s', (text) => {
    expect(parseScramCredentials(text)).toBeNull();
  });
});
