/** Authentication on the laboratory's clock: what is let through when, and what is answered late. */
import { beforeEach, describe, expect, test } from 'vitest';
import { apis } from '../../../kafka/wire/apis.ts';
import { ErrorCode } from '../../../kafka/wire/errors.ts';
import {
  alterUserScramCredentialsRequest,
  scramCredentialDeletion,
  scramCredentialUpsertion,
} from '../../../kafka/wire/generated/alter-user-scram-credentials-request.ts';
import {
  describeUserScramCredentialsRequest,
  userName,
} from '../../../kafka/wire/generated/describe-user-scram-credentials-request.ts';
import { heartbeatRequest } from '../../../kafka/wire/generated/heartbeat-request.ts';
import {
  metadataRequest,
  metadataRequestTopic,
} from '../../../kafka/wire/generated/metadata-request.ts';
import { saslAuthenticateRequest } from '../../../kafka/wire/generated/sasl-authenticate-request.ts';
import { saslHandshakeRequest } from '../../../kafka/wire/generated/sasl-handshake-request.ts';
import { ScramClient, saltedPassword } from '../../support/scram-client.ts';
import { Lab, SASL_PORT } from './lab.ts';

const USERS = `org.apache.kafka.common.security.plain.PlainLoginModule required
  user_alice="secret" user_bob="hidden";`;
const REAUTH_MS = 5_000;

let lab: Lab;
beforeEach(() => {
  lab = new Lab({
    brokers: 1,
    sasl: {
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'plain.sasl.jaas.config': USERS,
      'scram-sha-512.connections.max.reauth.ms': String(REAUTH_MS),
    },
  });
  lab.untilRunning(1);
  lab.port = SASL_PORT;
});

const plain = (user: string, password: string) => Buffer.from(`\0${user}\0${password}`);

function handshake(mechanism: string) {
  return lab.ask(1, apis.SaslHandshake, saslHandshakeRequest({ mechanism }));
}

function authenticate(authBytes: Uint8Array) {
  return lab.ask(1, apis.SaslAuthenticate, saslAuthenticateRequest({ authBytes }));
}

/** What comes of a request, and after how many ms. */
function outcome(ask: () => unknown): [told: unknown, afterMs: number] {
  const beganMs = lab.nowMs;
  try {
    return [ask(), lab.nowMs - beganMs];
  } catch (problem) {
    return [(problem as Error).message, lab.nowMs - beganMs];
  }
}

const ORDERS = { name: 'orders' };

/** What is told of clients that are not let in, from now on. */
function loginsFailed(): unknown[][] {
  const told: unknown[][] = [];
  lab.world.trace.subscribe('login.failed', (_event, _timeUs, _node, ...fields) => {
    told.push(fields.filter((field) => field !== undefined));
  });
  return told;
}

const askMetadata = () => lab.ask(1, apis.Metadata, metadataRequest({ topics: [] })).brokers.length;
/** Of a connection that fails: connection.failed.authentication.delay.ms, and a little more. */
const LATE_MS = 100;
/** A request that goes through the whole cluster takes less. */
const SOON_MS = 20;

/** Makes a connection on which nothing is asked but which versions there are. */
function connect(): void {
  outcome(askMetadata);
}

function setPassword(user: string, password: string, mechanism = 2): void {
  lab.port = 9092;
  const [salt, iterations] = [Buffer.from('salt'), 4096];
  const salted = saltedPassword(mechanism === 1 ? 'sha256' : 'sha512', password, salt, iterations);
  const upsertion = { name: user, mechanism, iterations, salt, saltedPassword: salted };
  const request = alterUserScramCredentialsRequest({
    upsertions: [scramCredentialUpsertion(upsertion)],
  });
  const { results } = lab.ask(1, apis.AlterUserScramCredentials, request);
  expect(results).toEqual([{ user, errorCode: ErrorCode.NONE, errorMessage: null }]);
  lab.advance(100);
  lab.port = SASL_PORT;
}

function scram(user: string, password: string, hash: 'sha256' | 'sha512' = 'sha512') {
  const client = new ScramClient(hash, user, password);
  const first = authenticate(client.first());
  if (first.errorCode !== ErrorCode.NONE) return { answer: first, trusted: false };
  const answer = authenticate(client.final(first.authBytes));
  return { answer, trusted: client.trusts(answer.authBytes) };
}

describe('a SASL listener', () => {
  test('closes the connection of who asks without having authenticated, at once', () => {
    const [told, afterMs] = outcome(askMetadata);

    expect(told).toBe('broker-1: disconnected');
    expect(afterMs).toBeLessThan(SOON_MS);
  });

  test('serves who has authenticated with PLAIN, at once', () => {
    const { mechanisms, errorCode } = handshake('PLAIN');
    const answer = authenticate(plain('alice', 'secret'));
    const [brokers, afterMs] = outcome(askMetadata);

    expect({ mechanisms, errorCode }).toEqual({
      mechanisms: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'],
      errorCode: ErrorCode.NONE,
    });
    expect(answer).toMatchObject({ errorCode: ErrorCode.NONE, sessionLifetimeMs: 0 });
    expect(answer.authBytes).toHaveLength(0);
    expect(brokers).toBe(1);
    expect(afterMs).toBeLessThan(SOON_MS);
  });

  test('refuses a wrong password, late, and closes', () => {
    handshake('PLAIN');
    const [answer, afterMs] = outcome(() => authenticate(plain('alice', 'hidden')));
    const [next] = outcome(() => authenticate(plain('alice', 'secret')));

    expect(answer).toMatchObject({
      errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED,
      errorMessage: 'Authentication failed: Invalid username or password',
    });
    expect(afterMs).toBeGreaterThanOrEqual(LATE_MS);
    // On a connection of its own, where a handshake would have to come first.
    expect(next).toBe('broker-1: disconnected');
  });

  test('names its mechanisms, late, to who asks for another, and closes', () => {
    const [answer, afterMs] = outcome(() => handshake('GSSAPI'));

    expect(answer).toEqual({
      errorCode: ErrorCode.UNSUPPORTED_SASL_MECHANISM,
      mechanisms: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'],
    });
    expect(afterMs).toBeGreaterThanOrEqual(LATE_MS);
  });

  test('refuses a second handshake where a token is due', () => {
    handshake('PLAIN');

    const [answer, afterMs] = outcome(() => handshake('PLAIN'));

    expect(answer).toMatchObject({ errorCode: ErrorCode.ILLEGAL_SASL_STATE });
    expect(afterMs).toBeGreaterThanOrEqual(LATE_MS);
  });

  test('answers what comes instead of a token in its own form, late, and closes', () => {
    const errorCode = ErrorCode.ILLEGAL_SASL_STATE;
    const asked = () =>
      lab.ask(1, apis.Metadata, metadataRequest({ topics: [metadataRequestTopic(ORDERS)] }));
    handshake('PLAIN');
    const [answer, afterMs] = outcome(asked);
    const [next] = outcome(() => authenticate(plain('alice', 'secret')));
    handshake('PLAIN');
    const [heartbeat] = outcome(() => lab.ask(1, apis.Heartbeat, heartbeatRequest()));
    handshake('PLAIN');
    const [unanswered] = outcome(() =>
      lab.ask(1, apis.DescribeUserScramCredentials, describeUserScramCredentialsRequest()),
    );

    expect(answer).toMatchObject({ brokers: [], topics: [{ ...ORDERS, errorCode }] });
    expect(afterMs).toBeGreaterThanOrEqual(LATE_MS);
    expect(next).toBe('broker-1: disconnected');
    expect(heartbeat).toMatchObject({ errorCode });
    expect(unanswered).toBe('broker-1: disconnected');
  });

  test('tells of who is not let in and why, without a secret, a name or a second line', () => {
    const told = loginsFailed();
    outcome(askMetadata);
    handshake('PLAIN');
    outcome(() => authenticate(plain('alice', 'coffee')));
    outcome(() => handshake('GSSAPI\n2026 INFO all is well'));
    handshake('SCRAM-SHA-512');
    outcome(() => scram('nobody', 'tea'));
    handshake('PLAIN');
    outcome(askMetadata);
    handshake('PLAIN');
    outcome(() => authenticate(new Uint8Array(600_000)));
    handshake('PLAIN');
    authenticate(plain('alice', 'secret'));

    const from = ['raw', 'SASL_PLAINTEXT'];
    expect(told).toEqual([
      [...from, 'unexpected during the handshake: Metadata; a client without SASL?', 0],
      [...from, 'Authentication failed: Invalid username or password', 0],
      [...from, 'unsupported SASL mechanism GSSAPI?2026 INFO all is well', 0],
      [
        ...from,
        'Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512',
        0,
      ],
      [...from, 'unexpected during authentication: Metadata', 0],
      [...from, 'invalid receive size', 0],
    ]);
  });

  test('tells of ten at once and one a second, and how many others there were', () => {
    const told = loginsFailed();
    for (let i = 0; i < 25; i++) {
      handshake('PLAIN');
      outcome(() => authenticate(plain('alice', 'coffee')));
    }
    const tries = told.length + told.reduce((sum, one) => sum + Number(one.at(-1)), 0);
    lab.advance(60_000);
    handshake('PLAIN');
    outcome(() => authenticate(plain('alice', 'coffee')));

    // Each try takes a little more than the delay of its answer.
    expect(told.length).toBeLessThan(10 + 25 * 0.2 + 2);
    expect(tries).toBeLessThanOrEqual(25);
    expect(Number(told.at(-1)?.at(-1))).toBe(25 - tries);
  });

  test('takes no large requests before authentication', () => {
    handshake('PLAIN');
    const [tooLarge] = outcome(() => authenticate(new Uint8Array(600_000)));
    handshake('PLAIN');
    const [large] = outcome(() => authenticate(new Uint8Array(500_000)));

    expect(tooLarge).toBe('broker-1: disconnected');
    expect(large).toMatchObject({ errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED });
  });

  test('takes them after it', () => {
    handshake('PLAIN');
    authenticate(plain('alice', 'secret'));

    const [answer] = outcome(() => authenticate(new Uint8Array(600_000)));

    const errorMessage = 'SaslAuthenticate request received after successful authentication';
    expect(answer).toMatchObject({ errorCode: ErrorCode.ILLEGAL_SASL_STATE, errorMessage });
  });

  test('forgets a client that goes away while its refusal is delayed', () => {
    handshake('PLAIN');
    lab.call(1, apis.SaslAuthenticate, saslAuthenticateRequest({ authBytes: plain('a', 'b') }));
    lab.advance(LATE_MS / 2);
    lab.world.kill('raw');
    lab.advance(LATE_MS * 2);

    expect(lab.broker(1).server.connectionCount).toBe(0);
  });
});

test('without SASL, a handshake and a token do not fit', () => {
  lab.port = 9092;

  expect(handshake('PLAIN').errorCode).toBe(ErrorCode.ILLEGAL_SASL_STATE);
  expect(authenticate(plain('alice', 'secret')).errorCode).toBe(ErrorCode.ILLEGAL_SASL_STATE);
});

describe('SCRAM', () => {
  test.each([
    ['SCRAM-SHA-256', 'sha256', 1],
    ['SCRAM-SHA-512', 'sha512', 2],
  ] as const)('%s lets in by a password in the metadata log', (mechanism, hash, id) => {
    setPassword('carol', 'tea', id);
    handshake(mechanism);
    const { answer, trusted } = scram('carol', 'tea', hash);

    expect(answer.errorCode).toBe(ErrorCode.NONE);
    expect(trusted).toBe(true);
    expect(askMetadata()).toBe(1);
  });

  test('says the same of a wrong password and of nobody', () => {
    setPassword('carol', 'tea');
    const errorMessage =
      'Authentication failed during authentication due to invalid credentials with SASL mechanism SCRAM-SHA-512';
    const errorCode = ErrorCode.SASL_AUTHENTICATION_FAILED;
    handshake('SCRAM-SHA-512');
    const wrong = scram('carol', 'coffee').answer;
    handshake('SCRAM-SHA-512');
    const nobody = scram('dave', 'tea').answer;

    expect(wrong).toMatchObject({ errorCode, errorMessage });
    expect(nobody).toMatchObject({ errorCode, errorMessage });
  });

  test('a credential of the other mechanism does not let in', () => {
    setPassword('carol', 'tea', 1);
    handshake('SCRAM-SHA-512');

    expect(scram('carol', 'tea').answer.errorCode).toBe(ErrorCode.SASL_AUTHENTICATION_FAILED);
  });

  test('credentials are there after all nodes were killed', () => {
    setPassword('carol', 'tea');
    for (const name of ['broker-1', 'controller-101']) lab.world.kill(name);
    lab.advance(100);
    for (const name of ['controller-101', 'broker-1']) lab.world.start(name);
    lab.untilRunning(1);
    connect();
    handshake('SCRAM-SHA-512');

    expect(scram('carol', 'tea').answer.errorCode).toBe(ErrorCode.NONE);
  });

  test('a changed password holds, and a removed one does not', () => {
    setPassword('carol', 'tea');
    setPassword('carol', 'coffee');
    handshake('SCRAM-SHA-512');
    expect(scram('carol', 'tea').answer.errorCode).toBe(ErrorCode.SASL_AUTHENTICATION_FAILED);
    handshake('SCRAM-SHA-512');
    expect(scram('carol', 'coffee').answer.errorCode).toBe(ErrorCode.NONE);

    const deletions = [scramCredentialDeletion({ name: 'carol', mechanism: 2 })];
    lab.ask(1, apis.AlterUserScramCredentials, alterUserScramCredentialsRequest({ deletions }));
    lab.advance(100);
    const { results } = lab.ask(
      1,
      apis.DescribeUserScramCredentials,
      describeUserScramCredentialsRequest({ users: null }),
    );

    expect(results).toEqual([]);
  });
});

describe('credentials', () => {
  beforeEach(() => {
    lab.port = 9092;
  });

  function alter(init: Parameters<typeof alterUserScramCredentialsRequest>[0]) {
    const request = alterUserScramCredentialsRequest(init);
    const { results } = lab.ask(1, apis.AlterUserScramCredentials, request);
    lab.advance(100);
    return results.map(({ user, errorCode, errorMessage }) => [user, errorCode, errorMessage]);
  }

  function describeUsers(...users: string[]) {
    const request = describeUserScramCredentialsRequest({
      users: users.map((name) => userName({ name })),
    });
    return lab.ask(1, apis.DescribeUserScramCredentials, request).results;
  }

  const upsertion = (name: string, iterations = 4096, mechanism = 1) =>
    scramCredentialUpsertion({
      name,
      mechanism,
      iterations,
      salt: Buffer.from('salt'),
      saltedPassword: Buffer.from('salted'),
    });

  test('are refused one by one', () => {
    const results = alter({
      deletions: [
        scramCredentialDeletion({ name: 'nobody', mechanism: 1 }),
        scramCredentialDeletion({ name: '', mechanism: 1 }),
      ],
      upsertions: [
        upsertion('few', 4095),
        upsertion('many', 16_385),
        upsertion('strange', 4096, 3),
        upsertion('twice'),
        upsertion('twice', 8192, 2),
        upsertion('good'),
      ],
    });

    expect(results).toEqual([
      ['good', ErrorCode.NONE, null],
      [
        'nobody',
        ErrorCode.RESOURCE_NOT_FOUND,
        'Attempt to delete a user credential that does not exist',
      ],
      ['', ErrorCode.UNACCEPTABLE_CREDENTIAL, 'Username must not be empty'],
      ['few', ErrorCode.UNACCEPTABLE_CREDENTIAL, 'Too few iterations'],
      ['many', ErrorCode.UNACCEPTABLE_CREDENTIAL, 'Too many iterations'],
      ['strange', ErrorCode.UNSUPPORTED_SASL_MECHANISM, 'Unknown SCRAM mechanism'],
      [
        'twice',
        ErrorCode.DUPLICATE_RESOURCE,
        'A user credential cannot be altered twice in the same request',
      ],
    ]);
    expect(describeUsers().map(({ user }) => user)).toEqual(['good']);
  });

  test('are described by user, and never shown', () => {
    alter({ upsertions: [upsertion('eve', 8192, 2)] });
    alter({ upsertions: [upsertion('eve')] });

    const [eve, nobody, twice] = describeUsers('eve', 'nobody', 'twice', 'twice');

    expect(eve).toEqual({
      user: 'eve',
      errorCode: ErrorCode.NONE,
      errorMessage: null,
      credentialInfos: [
        { mechanism: 1, iterations: 4096 },
        { mechanism: 2, iterations: 8192 },
      ],
    });
    expect(nobody?.errorCode).toBe(ErrorCode.RESOURCE_NOT_FOUND);
    expect(twice?.errorCode).toBe(ErrorCode.DUPLICATE_RESOURCE);
  });
});

describe('with connections.max.reauth.ms', () => {
  beforeEach(() => {
    setPassword('carol', 'tea');
    setPassword('dave', 'tea');
    handshake('SCRAM-SHA-512');
    const { answer } = scram('carol', 'tea');
    expect(answer.sessionLifetimeMs).toBe(REAUTH_MS);
  });

  test('a client that does not authenticate again is cut off', () => {
    lab.advance(REAUTH_MS - 100);
    expect(askMetadata()).toBe(1);
    lab.advance(200);

    expect(outcome(askMetadata)[0]).toBe('broker-1: disconnected');
  });

  test('one that does goes on, on the same connection', () => {
    lab.advance(REAUTH_MS - 100);
    handshake('SCRAM-SHA-512');
    expect(scram('carol', 'tea').answer.sessionLifetimeMs).toBe(REAUTH_MS);
    lab.advance(REAUTH_MS - 100);

    expect(askMetadata()).toBe(1);
  });

  test('it may come late with it', () => {
    lab.advance(2 * REAUTH_MS);
    expect(handshake('SCRAM-SHA-512').errorCode).toBe(ErrorCode.NONE);
    expect(scram('carol', 'tea').answer.errorCode).toBe(ErrorCode.NONE);
    expect(askMetadata()).toBe(1);
  });

  test('nobody may become somebody else', () => {
    lab.advance(1_000);
    handshake('SCRAM-SHA-512');

    const { answer } = scram('dave', 'tea');

    const errorMessage =
      'Cannot change principals during re-authentication from User:carol to User:dave';
    expect(answer).toMatchObject({
      errorCode: ErrorCode.SASL_AUTHENTICATION_FAILED,
      errorMessage,
    });
  });

  test('the mechanism stays', () => {
    lab.advance(1_000);
    expect(handshake('PLAIN').errorCode).toBe(ErrorCode.NONE);

    expect(outcome(() => authenticate(plain('carol', 'tea')))[0]).toBe('broker-1: disconnected');
  });

  test('twice within a second is too often', () => {
    lab.advance(1_000);
    handshake('SCRAM-SHA-512');
    scram('carol', 'tea');

    expect(handshake('SCRAM-SHA-512').errorCode).toBe(ErrorCode.ILLEGAL_SASL_STATE);
    expect(askMetadata()).toBe(1);
  });
});
