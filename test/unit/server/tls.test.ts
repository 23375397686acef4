/** TLS listeners: with what certificate they answer, whom they let in, and under which name. */
import { type AddressInfo, connect as connectPlain, createServer } from 'node:net';
import { type ConnectionOptions, connect } from 'node:tls';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { principalText } from '../../../kafka/security/principal.ts';
import {
  partsOf,
  type ServerCluster,
  startServerCluster,
} from '../../../server/cluster/cluster.ts';
import { TlsListener } from '../../../server/network/tls.ts';
import { InvalidProperties, planNode } from '../../../server/properties/node-plan.ts';
import { Authority, type Certificate, hasOpenssl } from '../../support/certificates.ts';

const shape = { brokers: 1, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };
const BROKEN = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
const JAAS = `org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="secret";`;

describe.skipIf(!hasOpenssl)('a TLS listener', () => {
  let authority: Authority;
  let stranger: Authority;
  let broker: Certificate;
  let client: Certificate;
  const running: ServerCluster[] = [];
  beforeAll(() => {
    authority = new Authority();
    stranger = new Authority();
    broker = authority.issue('/CN=broker');
    client = authority.issue('/O=acme, inc/OU=it/CN=carol');
  });
  afterEach(() => Promise.all(running.splice(0).map((one) => one.stop())));
  afterAll(() => {
    authority.remove();
    stranger.remove();
  });

  async function start(
    keys: Record<string, string>,
    protocol = 'SSL',
    told: (kind: string, fields: readonly (string | number)[]) => void = () => {},
  ): Promise<ServerCluster> {
    const config = {
      'listener.security.protocol.map': `CLIENTS:${protocol}`,
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.certificate.chain': broker.cert,
      'ssl.keystore.key': broker.key,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.certificates': authority.cert,
      ...keys,
    };
    const topics = [{ name: 'orders', partitions: 1, replicationFactor: 1 }];
    const asked = { ...shape, port: 0, data: null, config };
    const cluster = await startServerCluster(asked, topics, {
      told: (_node, kind, fields) => told(kind, fields),
    });
    running.push(cluster);
    return cluster;
  }

  async function roundTrip(cluster: ServerCluster, options: object): Promise<string> {
    const kafka = new Kafka({
      brokers: cluster.bootstrap,
      logLevel: logLevel.NOTHING,
      ...options,
    });
    const producer = kafka.producer();
    await producer.connect();
    // Larger than a record of TLS, and than what a socket buffers.
    const value = 'x'.repeat(900_000);
    const [sent] = await producer.send({ topic: 'orders', messages: [{ value }] });
    await producer.disconnect();
    const consumer = kafka.consumer({ groupId: 'g' });
    await consumer.connect();
    await consumer.subscribe({ topic: 'orders', fromBeginning: true });
    const read = await new Promise<number>((resolve) =>
      consumer.run({
        eachMessage: async ({ message }) => resolve(message.value?.length ?? 0),
      }),
    );
    await consumer.disconnect();
    return `${sent?.errorCode} ${read}`;
  }

  /** What becomes of a connection: the principal that the broker knows it by, or the error. */
  async function principalOf(cluster: ServerCluster, options: ConnectionOptions): Promise<string> {
    const machine = cluster.brokers[0]!;
    const [host, port] = cluster.bootstrap[0]!.split(':') as [string, string];
    const seen = new Set(connections(cluster));
    const socket = connect({ host, port: Number(port), ca: authority.cert, ...options });
    const failure = new Promise<string>((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.on('close', () => resolve('closed'));
    });
    const found = cluster
      .until('the connection', () => connections(cluster).some((one) => !seen.has(one)), {
        timeoutMs: 2_000,
      })
      .then(() => {
        const fresh = connections(cluster).find((one) => !seen.has(one));
        return principalText(fresh!.principal);
      });
    const told = await Promise.race([failure, found.catch(() => failure)]);
    socket.destroy();
    expect(machine.process).not.toBeNull();
    return told;
  }

  function connections(cluster: ServerCluster) {
    const server = partsOf(cluster.brokers[0]!)!.server;
    return [...server.connections()].filter((one) => one.listener === 'CLIENTS');
  }

  test('serves kafkajs, which trusts who vouches for the broker', async () => {
    const cluster = await start({ 'group.initial.rebalance.delay.ms': '0' });

    expect(await roundTrip(cluster, { ssl: { ca: [authority.cert] } })).toBe('0 900000');
  });

  test('serves kafkajs with SASL, too', async () => {
    const keys = {
      'group.initial.rebalance.delay.ms': '0',
      'sasl.enabled.mechanisms': 'PLAIN',
      'plain.sasl.jaas.config': JAAS,
      // Not asked for where SASL says who a client is, unless the listener itself says so.
      'ssl.client.auth': 'required',
    };
    const cluster = await start(keys, 'SASL_SSL');
    const sasl = { mechanism: 'plain', username: 'alice', password: 'secret' };

    expect(await roundTrip(cluster, { ssl: { ca: [authority.cert] }, sasl })).toBe('0 900000');
  });

  test('drops who does not end its handshake', async () => {
    const told: string[] = [];
    const refused = (_host: string, why: string) => told.push(why);
    const listener = new TlsListener({ cert: broker.cert, key: broker.key }, 'none', 100);
    const server = createServer((socket) => listener.accept(socket, () => {}, refused));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const silent = connectPlain(port, '127.0.0.1');
    silent.on('error', () => undefined);
    const isGone = new Promise((resolve) => silent.once('close', resolve));

    await isGone;
    server.close();

    expect(silent.destroyed).toBe(true);
    expect(told).toEqual(['SSL handshake failed: ERR_TLS_HANDSHAKE_TIMEOUT']);
  });

  test('tells whose handshake failed, and why, but not of who went away', async () => {
    const told: (readonly (string | number)[])[] = [];
    const cluster = await start({ 'ssl.client.auth': 'required' }, 'SSL', (kind, fields) => {
      if (kind === 'login.failed') told.push(fields);
    });
    const self = stranger.issue('/CN=mallory');
    const [host, port] = cluster.bootstrap[0]!.split(':') as [string, string];
    const gone = connectPlain(Number(port), host);
    await new Promise<void>((resolve) => gone.once('connect', resolve));
    gone.destroy();
    const plain = connectPlain(Number(port), host, () => plain.write('GET / HTTP/1.1\r\n\r\n'));
    await new Promise((resolve) => plain.on('error', () => undefined).on('close', resolve));
    await principalOf(cluster, {});
    await principalOf(cluster, { ...self });
    await principalOf(cluster, { ...client });

    expect(told).toEqual([
      ['127.0.0.1', 'CLIENTS', 'SSL handshake failed: http request', 0],
      ['127.0.0.1', 'CLIENTS', 'SSL handshake failed: peer did not return a certificate', 0],
      [
        '127.0.0.1',
        'CLIENTS',
        expect.stringMatching(/^SSL handshake failed: .*(VERIFY|verify)/),
        0,
      ],
    ]);
  });

  test('drops who wants another handshake on the same connection', async () => {
    const cluster = await start({});
    const [host, port] = cluster.bootstrap[0]!.split(':') as [string, string];
    const asked = { host, port: Number(port), ca: authority.cert, maxVersion: 'TLSv1.2' } as const;
    const socket = connect(asked);
    socket.on('error', () => undefined);
    await new Promise<void>((resolve) => socket.once('secureConnect', resolve));
    const isGone = new Promise((resolve) => socket.once('close', resolve));
    socket.resume();
    socket.renegotiate({}, () => undefined);
    await isGone;

    expect(socket.destroyed).toBe(true);
    await cluster.until('it to be gone', () => connections(cluster).length === 0);
  });

  test('has nothing to say to who does not speak TLS', async () => {
    const cluster = await start({});
    const [host, port] = cluster.bootstrap[0]!.split(':') as [string, string];
    const socket = connectPlain(Number(port), host);
    socket.write(Buffer.from([0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 7, 255, 255]));
    const said: Buffer[] = [];
    socket.on('data', (data) => said.push(data));
    await new Promise((resolve) => socket.on('error', resolve).on('close', resolve));

    // At most an alert of TLS, which begins with 21.
    expect(said.every((one) => one[0] === 21)).toBe(true);
    expect(connections(cluster)).toEqual([]);
  });

  test('that asks for no certificate knows nobody by name', async () => {
    const cluster = await start({});

    expect(await principalOf(cluster, { ...client })).toBe('User:ANONYMOUS');
  });

  test('that requires one knows a client by its name, last part first', async () => {
    const cluster = await start({ 'ssl.client.auth': 'required' });
    const self = stranger.issue('/CN=mallory');

    expect(await principalOf(cluster, { ...client })).toBe('User:CN=carol,OU=it,O=acme\\, inc');
    expect(await principalOf(cluster, {})).toMatch(/CERTIFICATE|closed|ECONNRESET/);
    expect(await principalOf(cluster, { ...self })).toMatch(/UNKNOWN_CA|closed|ECONNRESET/);
  });

  test('that requests one lets in without, but not with one that nobody trusts', async () => {
    const cluster = await start({ 'ssl.client.auth': 'requested' });
    const self = stranger.issue('/CN=mallory');

    expect(await principalOf(cluster, {})).toBe('User:ANONYMOUS');
    expect(await principalOf(cluster, { ...client })).toMatch(/^User:CN=carol/);
    expect(await principalOf(cluster, { ...self })).toMatch(/closed|ECONNRESET/);
  });

  test('speaks only the versions that it is allowed', async () => {
    const cluster = await start({ 'ssl.enabled.protocols': 'TLSv1.3' });

    expect(await principalOf(cluster, { maxVersion: 'TLSv1.2' })).toMatch(/VERSION|ECONNRESET/);
    expect(await principalOf(cluster, { maxVersion: 'TLSv1.3' })).toBe('User:ANONYMOUS');
  });

  test('goes on after its broker was killed and started again', async () => {
    const cluster = await start({});
    const machine = cluster.brokers[0]!;
    machine.kill();
    await machine.start();
    await cluster.until('the broker', () => cluster.allServe());

    expect(await principalOf(cluster, {})).toBe('User:ANONYMOUS');
  });

  test('takes its certificate and its locked key from a file', async () => {
    const locked = authority.issue('/CN=broker', 'sesame');
    const path = authority.file('broker.pem', locked.key + locked.cert);
    const own = 'listener.name.clients.ssl';
    const lines = [
      'node.id=1',
      'process.roles=broker,controller',
      'controller.listener.names=CONTROLLER',
      'controller.quorum.voters=1@127.0.0.1:9',
      'listeners=CLIENTS://:0,PLAINTEXT://:0,CONTROLLER://:0',
      'listener.security.protocol.map=CLIENTS:SSL',
      `log.dirs=${authority.folder}/data`,
      `${own}.keystore.type=PEM`,
      `${own}.keystore.location=${path}`,
    ];
    const plan = await planNode('a', [...lines, `${own}.key.password=sesame`].join('\n'));
    for (const port of Object.values(plan.listeners)) port.release();
    const problem = await planNode('a', [...lines, `${own}.key.password=open`].join('\n')).then(
      () => null,
      (error: Error) => error,
    );

    expect(plan.advertised).toHaveLength(2);
    expect(problem).toBeInstanceOf(InvalidProperties);
    expect(problem?.message).toContain('CLIENTS: its certificate and key cannot be used');
    expect(problem?.message).not.toContain('open,');
  });

  test('takes texts that stand on one line each, as in a properties file', async () => {
    const chain = broker.cert + authority.cert;
    const cluster = await start({
      'ssl.keystore.certificate.chain': chain.replaceAll('\n', ' '),
      'ssl.keystore.key': broker.key.replaceAll('\n', ' '),
      'ssl.truststore.certificates': authority.cert.replaceAll('\n', ' '),
      'ssl.client.auth': 'required',
    });

    expect(await principalOf(cluster, client)).toContain('CN=carol');
  });

  test.each([
    [
      { 'ssl.keystore.type': 'JKS' },
      'is what TLS listener CLIENTS has; keystores of Java are not read',
    ],
    [{ 'ssl.keystore.type': 'PKCS12' }, 'needs the keystores of Java'],
    [{ 'ssl.keystore.location': '/a.pem' }, 'leaves TLS listener CLIENTS without one certificate'],
    [{ 'ssl.keystore.key': 'no key' }, 'its certificate and key cannot be used'],
    [{ 'ssl.truststore.location': '/nowhere' }, 'ssl.truststore.location cannot be read'],
    [
      { 'ssl.truststore.certificates': 'nobody' },
      'CLIENTS: its truststore cannot be used: there is no certificate in it',
    ],
    [
      { 'ssl.truststore.certificates': BROKEN },
      'its truststore has a certificate that cannot be read',
    ],
    [{ 'ssl.keystore.certificate.chain': '' }, 'its keystore cannot be used: there is no cert'],
  ])('with %j is refused', async (keys, words) => {
    await expect(start(keys)).rejects.toThrow(words);
  });
});
