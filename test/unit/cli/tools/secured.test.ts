/** The tools against listeners that want TLS, SASL, or both: what lets them in, and what does not. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadCodecs } from '../../../../codecs/load.ts';
import { createAdminNode } from '../../../../kafka/client/admin/admin-node.ts';
import { RemoteClient } from '../../../../server/client/remote-client.ts';
import {
  partsOf,
  type ServerCluster,
  startServerCluster,
} from '../../../../server/cluster/cluster.ts';
import { Authority, type Certificate, hasOpenssl } from '../../../support/certificates.ts';
import { type Ended, trial, typedTrial } from '../in-process.ts';

const shape = { brokers: 1, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };
const PLAIN = 'org.apache.kafka.common.security.plain.PlainLoginModule required';
const SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule required';
const SASL_KEYS = {
  'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
  'plain.sasl.jaas.config': `${PLAIN} user_alice="tea";`,
  'initial.scram.credentials':
    'SCRAM-SHA-256=[name=bob,password=tea];SCRAM-SHA-512=[name=bob,password=coffee]',
};

const LOGINS = {
  PLAIN: { module: PLAIN, user: 'alice', password: 'tea' },
  'SCRAM-SHA-256': { module: SCRAM, user: 'bob', password: 'tea' },
  'SCRAM-SHA-512': { module: SCRAM, user: 'bob', password: 'coffee' },
} as const;
type Mechanism = keyof typeof LOGINS;
type Protocol = 'PLAINTEXT' | 'SASL_PLAINTEXT' | 'SSL' | 'SASL_SSL';

describe.skipIf(!hasOpenssl)('the tools', () => {
  let authority: Authority;
  let stranger: Authority;
  let broker: Certificate;
  const clusters = new Map<Protocol, Promise<ServerCluster>>();
  let files = 0;
  beforeAll(() => {
    authority = new Authority();
    stranger = new Authority();
    broker = authority.issue('/CN=broker');
  });
  afterAll(async () => {
    for (const one of clusters.values()) await (await one).stop();
    authority.remove();
    stranger.remove();
  });

  function start(protocol: Protocol, own: Record<string, string> = {}): Promise<ServerCluster> {
    const config = {
      'listener.security.protocol.map': `CLIENTS:${protocol}`,
      'group.initial.rebalance.delay.ms': '0',
      ...(protocol.startsWith('SASL') ? SASL_KEYS : {}),
      ...(protocol.endsWith('SSL')
        ? {
            'ssl.keystore.type': 'PEM',
            'ssl.keystore.certificate.chain': broker.cert,
            'ssl.keystore.key': broker.key,
            'ssl.truststore.type': 'PEM',
            'ssl.truststore.certificates': authority.cert,
          }
        : {}),
      ...own,
    };
    return startServerCluster({ ...shape, port: 0, data: null, config });
  }

  /** One for all tests that change nothing of it. */
  async function at(protocol: Protocol): Promise<string> {
    const known = clusters.get(protocol) ?? start(protocol);
    clusters.set(protocol, known);
    return (await known).bootstrap.join(',');
  }

  function file(keys: Record<string, string>): string {
    const lines = Object.entries(keys).map(([key, value]) => `${key}=${value}\n`);
    files += 1;
    return authority.file(`client-${files}.properties`, lines.join(''));
  }

  function saslKeys(mechanism: Mechanism, change: object = {}): Record<string, string> {
    const { module, user, password } = { ...LOGINS[mechanism], ...change };
    return {
      'sasl.mechanism': mechanism,
      'sasl.jaas.config': `${module} username="${user}" password="${password}";`,
    };
  }

  function tlsKeys(by = authority): Record<string, string> {
    return {
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': by.file('trusted.pem', by.cert),
    };
  }

  function clientKeys(protocol: Protocol, mechanism: Mechanism | null): Record<string, string> {
    return {
      'security.protocol': protocol,
      ...(mechanism === null ? {} : saslKeys(mechanism)),
      ...(protocol.endsWith('SSL') ? tlsKeys() : {}),
    };
  }

  async function listed(bootstrap: string, keys: Record<string, string> | null): Promise<Ended> {
    const config = keys === null ? [] : ['--command-config', file(keys)];
    return trial('topics', '--list', '--bootstrap-server', bootstrap, ...config);
  }

  test.each<[Protocol, Mechanism | null]>([
    ['PLAINTEXT', null],
    ['SSL', null],
    ['SASL_PLAINTEXT', 'PLAIN'],
    ['SASL_PLAINTEXT', 'SCRAM-SHA-256'],
    ['SASL_PLAINTEXT', 'SCRAM-SHA-512'],
    ['SASL_SSL', 'PLAIN'],
    ['SASL_SSL', 'SCRAM-SHA-256'],
    ['SASL_SSL', 'SCRAM-SHA-512'],
  ])('come in over %s with %s, each of them', async (protocol, mechanism) => {
    const bootstrap = await at(protocol);
    const topic = `t-${mechanism ?? 'none'}`;
    const config = file(clientKeys(protocol, mechanism));
    const to = ['--bootstrap-server', bootstrap, '--command-config', config];

    const made = await trial('topics', ...to, '--create', '--topic', topic);
    const sent = await typedTrial(['hot'], 'produce', ...to, '--topic', topic);
    const once = ['--topic', topic, '--from-beginning', '--max-messages', '1'];
    const read = await trial('consume', ...to, ...once);
    const group = `g-${topic}`;
    const shared = await trial('consume', ...to, ...once, '--group', group);
    const groups = await trial('groups', ...to, '--describe', '--group', group);
    const configs = await trial('configs', ...to, '--describe', '--topic', topic);

    for (const { code, err } of [made, sent, groups, configs]) {
      expect({ code, err }).toEqual({ code: 0, err: expect.not.stringContaining('error') });
    }
    expect([read.out, shared.out]).toEqual(['hot\n', 'hot\n']);
    expect(groups.out).toContain(topic);
  });

  test.each<[Mechanism, object, string]>([
    ['PLAIN', { password: 'coffee' }, 'Invalid username or password'],
    ['PLAIN', { user: 'nobody' }, 'Invalid username or password'],
    ['SCRAM-SHA-256', { password: 'coffee' }, 'invalid credentials with SASL mechanism SCRAM'],
    ['SCRAM-SHA-512', { user: 'nobody' }, 'invalid credentials with SASL mechanism SCRAM'],
  ])('say so at once when %s is refused %j, and no password', async (mechanism, change, words) => {
    const keys = { 'security.protocol': 'SASL_PLAINTEXT', ...saslKeys(mechanism, change) };
    const config = ['--command-config', file(keys)];
    const to = ['--bootstrap-server', await at('SASL_PLAINTEXT'), ...config];
    const ended = [
      await trial('topics', ...to, '--list'),
      await typedTrial(['x'], 'produce', ...to, '--topic', 'x'),
      await trial('consume', ...to, '--topic', 'x'),
      await trial('consume', ...to, '--topic', 'x', '--group', 'g'),
    ];

    for (const { code, out, err } of ended) {
      expect({ code, out }).toEqual({ code: 1, out: '' });
      expect(err).toContain('SaslAuthenticationException: Authentication failed');
      expect(err).toContain(words);
      expect(err).not.toMatch(/tea|coffee/);
    }
  });

  test.concurrent('say that a mechanism is not enabled, and that nobody asks for SASL', async () => {
    const cluster = await start('SASL_PLAINTEXT', { 'sasl.enabled.mechanisms': 'PLAIN' });
    const scram = { 'security.protocol': 'SASL_PLAINTEXT', ...saslKeys('SCRAM-SHA-256') };
    const disabled = await listed(cluster.bootstrap.join(','), scram);
    await cluster.stop();
    const unasked = await listed(await at('PLAINTEXT'), scram);

    expect(disabled).toMatchObject({ code: 1 });
    expect(disabled.err).toContain('UnsupportedSaslMechanismException: ');
    expect(disabled.err).toContain('enabled mechanisms are [PLAIN]');
    expect(unasked).toMatchObject({ code: 1 });
    expect(unasked.err).toContain('IllegalSaslStateException: ');
  });

  test.concurrent.each<[Protocol, Protocol, Mechanism | null, string]>([
    ['SASL_PLAINTEXT', 'PLAINTEXT', null, 'closed without an answer, as listeners with SASL'],
    ['SSL', 'PLAINTEXT', null, 'or TLS do (security.protocol in --command-config says how'],
    ['SASL_SSL', 'PLAINTEXT', null, 'closed without an answer, as listeners with SASL or TLS do'],
    ['SASL_SSL', 'SASL_PLAINTEXT', 'PLAIN', 'closed without an answer, as listeners with SASL'],
    ['SASL_SSL', 'SSL', null, 'closed without an answer, as listeners with SASL'],
    ['PLAINTEXT', 'SSL', null, 'closed within the TLS handshake, which it may not speak'],
  ])(
    'give a hint at a listener with %s when told of %s',
    async (theirs, ours, mechanism, words) => {
      const keys = ours === 'PLAINTEXT' ? null : clientKeys(ours, mechanism);
      const { code, out, err } = await listed(await at(theirs), keys);

      expect({ code, out }).toEqual({ code: 74, out: '' });
      expect(err).toContain(words);
    },
  );

  test.concurrent('know the alert of a TLS server that was told no TLS', async () => {
    const alert = Buffer.from([21, 3, 1, 0, 2, 2, 70]);
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(alert));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const { code, err } = await listed(`127.0.0.1:${port}`, null);
    server.close();

    expect(code).toBe(74);
    expect(err).toContain('it speaks TLS (security.protocol in --command-config');
  });

  test.concurrent('trust only those who are to be trusted', async () => {
    const bootstrap = await at('SSL');
    const tls = { 'security.protocol': 'SSL' };
    const unknown = await listed(bootstrap, { ...tls, ...tlsKeys(stranger) });
    const unnamed = await listed(bootstrap, tls);

    expect([unknown.code, unnamed.code]).toEqual([74, 74]);
    expect(unknown.err).toContain('nobody who is trusted vouches for its certificate');
    expect(unnamed.err).toContain('nobody who is trusted vouches for its certificate');
  });

  test.concurrent('look at the name in a certificate, unless they are told not to', async () => {
    const own = authority.issue('/CN=other', undefined, 'DNS:kafka.example');
    const cluster = await start('SSL', {
      'ssl.keystore.certificate.chain': own.cert,
      'ssl.keystore.key': own.key,
    });
    const bootstrap = cluster.bootstrap.join(',');
    const keys = clientKeys('SSL', null);
    const strict = await listed(bootstrap, keys);
    const lax = await listed(bootstrap, { ...keys, 'ssl.endpoint.identification.algorithm': '' });
    await cluster.stop();

    expect(strict).toMatchObject({ code: 74 });
    expect(strict.err).toContain('its certificate is for another host');
    expect(lax).toMatchObject({ code: 0 });
  });

  test.concurrent('show a certificate where one is asked for', async () => {
    const cluster = await start('SSL', { 'ssl.client.auth': 'required' });
    const bootstrap = cluster.bootstrap.join(',');
    const keys = clientKeys('SSL', null);
    const own = authority.issue('/CN=alice', 'locked');
    const shown = await listed(bootstrap, {
      ...keys,
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': authority.file('alice.pem', own.key + own.cert),
      'ssl.key.password': 'locked',
    });
    const onOneLine = (pem: string) => pem.replaceAll('\n', '');
    const bob = authority.issue('/CN=bob');
    const inTexts = await listed(bootstrap, {
      'security.protocol': 'SSL',
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.certificates': onOneLine(authority.cert),
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.certificate.chain': onOneLine(bob.cert),
      'ssl.keystore.key': onOneLine(bob.key),
    });
    const anonymous = await listed(bootstrap, keys);
    await cluster.stop();

    expect([shown.code, inTexts.code]).toEqual([0, 0]);
    expect(anonymous).toMatchObject({ code: 74 });
    expect(anonymous.err).toContain('it wants a certificate of the client');
  });

  test.concurrent('authenticate again before they must, on the connection that they have', async () => {
    const cluster = await start('SASL_PLAINTEXT', { 'connections.max.reauth.ms': '1500' });
    const server = partsOf(cluster.brokers[0]!)!.server;
    const clients = () => [...server.connections()].filter((one) => one.listener === 'CLIENTS');
    const handshakes = () => new Map(server.requestCounts()).get('SaslHandshake');
    const client = new RemoteClient({
      name: 'admin',
      config: {
        'bootstrap.servers': cluster.bootstrap.join(','),
        ...clientKeys('SASL_PLAINTEXT', 'SCRAM-SHA-256'),
      },
      codecs: await loadCodecs(),
      create: createAdminNode,
    });
    const ask = () => client.ask({ kind: 'listGroups', states: [], types: [], timeoutMs: 9_000 });
    const answers = [await ask(), await ask()];
    const before = { open: clients(), handshakes: handshakes()! };
    for (let i = 0; i < 40; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      answers.push(await ask());
    }
    const after = { open: clients(), handshakes: handshakes()! };
    client.kill();
    await cluster.stop();

    expect(new Set(answers.map(({ kind }) => kind))).toEqual(new Set(['groupsListed']));
    expect(before.open).toEqual(expect.arrayContaining(after.open));
    expect(after.handshakes).toBeGreaterThan(before.handshakes);
  });
});

const SASL = { 'security.protocol': 'SASL_PLAINTEXT', 'sasl.mechanism': 'PLAIN' };
const ALICE = `${PLAIN} username="alice" password="tea";`;

describe('keys that are wrong or would have no effect are refused before anything is asked', () => {
  test.each<[Record<string, string>, number, string]>([
    [{ 'security.protocol': 'TLS' }, 64, 'security.protocol=TLS is not one of the allowed values'],
    [{ 'sasl.mechanism': 'PLAIN' }, 64, 'sasl.mechanism=PLAIN has no effect with security.protoc'],
    [{ ...SASL, 'sasl.jaas.config': '' }, 64, 'sasl.jaas.config=[hidden] cannot be read'],
    [SASL, 64, 'sasl.jaas.config=[hidden] says nobody to log in as'],
    [{ ...SASL, 'sasl.mechanism': 'GSSAPI' }, 64, 'sasl.mechanism=GSSAPI is not there; allowed: P'],
    [
      { ...SASL, 'sasl.mechanism': 'SCRAM-SHA-256', 'sasl.jaas.config': ALICE },
      64,
      'sasl.jaas.config=[hidden] is not for SCRAM-SHA-256',
    ],
    [{ ...SASL, 'sasl.jaas.config': `${PLAIN} username="alice";` }, 64, 'has no password'],
    [
      { ...SASL, 'sasl.jaas.config': `${PLAIN} username="a" password="tea" tokenauth="true";` },
      64,
      'has an option that means nothing here: tokenauth',
    ],
    [
      { ...SASL, 'sasl.jaas.config': ALICE, 'ssl.enabled.protocols': 'TLSv1.3' },
      64,
      'ssl.enabled.protocols=TLSv1.3 has no effect with security.protocol=SASL_PLAINTEXT',
    ],
    [
      { 'security.protocol': 'SSL', 'ssl.truststore.location': 'a.jks' },
      64,
      'ssl.truststore.type=JKS cannot be read; allowed: PEM',
    ],
    [
      { 'security.protocol': 'SSL', 'ssl.keystore.type': 'PKCS12' },
      64,
      'needs the keystores of Java, not there yet',
    ],
    [
      { 'security.protocol': 'SSL', 'ssl.keystore.type': 'PEM', 'ssl.keystore.key': 'x' },
      64,
      'ssl.keystore.type=PEM goes with one certificate and the key to it',
    ],
    [
      {
        'security.protocol': 'SSL',
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.location': '/none/of/it.pem',
      },
      65,
      'ssl.truststore.location cannot be read: ENOENT',
    ],
    [
      {
        'security.protocol': 'SSL',
        'ssl.truststore.type': 'PEM',
        'ssl.truststore.certificates': 'none',
      },
      65,
      'the truststore cannot be used: there is no certificate in it',
    ],
    [
      { 'security.protocol': 'SSL', 'ssl.cipher.suites': 'NULL' },
      64,
      'ssl.cipher.suites would have no effect here: Node chooses; leave it out',
    ],
    [{ 'sasl.mechanisms': 'PLAIN' }, 64, 'did you mean sasl.mechanism?'],
  ])('%j', async (keys, code, words) => {
    const folder = mkdtempSync(join(tmpdir(), 'trial-client-'));
    const path = join(folder, 'client.properties');
    writeFileSync(
      path,
      Object.entries(keys)
        .map(([key, value]) => `${key}=${value}\n`)
        .join(''),
    );
    const at = ['--bootstrap-server', '127.0.0.1:9', '--command-config', path];
    const ended = [
      await trial('topics', ...at, '--list'),
      await typedTrial(['x'], 'produce', ...at, '--topic', 'x'),
      await trial('consume', ...at, '--topic', 'x'),
    ];
    rmSync(folder, { recursive: true });

    for (const { code: actual, out, err } of ended) {
      expect({ code: actual, out }).toEqual({ code, out: '' });
      expect(err).toContain(words);
      expect(err).not.toContain('tea');
    }
  });
});
