/**
 * Clients that mean no good, over TLS: what they cost a broker's process stays bounded, it goes on,
 * and others are served meanwhile.
 */
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls, type TLSSocket } from 'node:tls';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Authority, hasOpenssl } from '../support/certificates.ts';
import { fetchFrame, int32, noise } from '../support/hostile-bytes.ts';
import { freePort, ServerProcesses } from '../support/server-processes.ts';

const MIB = 1_048_576;
const FRAME_LIMIT = 8 * MIB;
/** What `server/network/tls.ts` keeps of handshakes that have not ended. */
const MOST_SHAKING = 1_000;
/** Of one: what OpenSSL and Node keep of it. */
const EACH_IDLE_BYTES = 100_000;

describe.skipIf(!hasOpenssl)('a broker with TLS', () => {
  let authority: Authority;
  const cluster = new ServerProcesses();
  let port = 0;
  let kafka: Kafka;
  const opened: Socket[] = [];
  beforeAll(async () => {
    authority = new Authority();
    const { cert, key } = authority.issue('/CN=broker');
    port = await freePort();
    await cluster.prepare(1, ({ clients, controllers }) => ({
      listeners:
        `CLIENTS://127.0.0.1:${port},PLAINTEXT://127.0.0.1:${clients},` +
        `CONTROLLER://127.0.0.1:${controllers}`,
      'listener.security.protocol.map': 'CLIENTS:SSL,PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
      'inter.broker.listener.name': 'PLAINTEXT',
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': authority.file('broker.pem', key + cert),
      'socket.request.max.bytes': String(FRAME_LIMIT),
      'offsets.topic.replication.factor': '1',
    }));
    await cluster.startAll();
    kafka = new Kafka({
      brokers: [`127.0.0.1:${port}`],
      ssl: { ca: [authority.cert] },
      logLevel: logLevel.NOTHING,
    });
    const admin = kafka.admin();
    await admin.connect();
    await admin.createTopics({ topics: [{ topic: 'orders', numPartitions: 1 }] });
    await admin.disconnect();
    await expectOthersServed();
  }, 240_000);
  afterAll(async () => {
    for (const socket of opened) socket.destroy();
    await cluster.dispose();
    authority.remove();
  });

  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  function tcp(): Promise<Socket> {
    const socket = connect(port, '127.0.0.1');
    opened.push(socket);
    socket.on('error', () => socket.destroy());
    return new Promise((resolve) => {
      socket.once('connect', () => resolve(socket));
      socket.once('close', () => resolve(socket));
    });
  }

  function tls(options: ConnectionOptions = {}): Promise<TLSSocket> {
    const socket = connectTls({ port, host: '127.0.0.1', ca: authority.cert, ...options });
    opened.push(socket);
    socket.on('error', () => socket.destroy());
    return new Promise((resolve) => {
      socket.once('secureConnect', () => resolve(socket));
      socket.once('close', () => resolve(socket));
    });
  }

  async function many<T>(count: number, one: () => Promise<T>): Promise<T[]> {
    const all: T[] = [];
    for (let at = 0; at < count; at += 100) {
      all.push(...(await Promise.all(Array.from({ length: Math.min(100, count - at) }, one))));
    }
    return all;
  }

  /** Resolves when the broker hangs up. */
  function hungUp(socket: Socket): Promise<void> {
    socket.resume();
    return new Promise((resolve) => {
      if (socket.destroyed) resolve();
      else socket.once('close', () => resolve());
    });
  }

  /** Another client writes a record and has it acknowledged. */
  async function expectOthersServed(): Promise<void> {
    const producer = kafka.producer();
    await producer.connect();
    const messages = [{ value: Buffer.alloc(200_000, 1) }];
    const [answer] = await producer.send({ topic: 'orders', acks: -1, messages });
    await producer.disconnect();
    expect(answer!.errorCode).toBe(0);
  }

  /** Where the system tells it; else 0. */
  function residentBytes(): number {
    if (process.platform !== 'linux') return 0;
    const status = readFileSync(`/proc/${cluster.pid(1)}/status`, 'utf8');
    return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? 0) * 1024;
  }

  test('keeps two thousand clients that do nothing, and serves others', async () => {
    const before = residentBytes();
    const sockets = await many(2_000, tls);
    await expectOthersServed();
    const each = (residentBytes() - before) / sockets.length;

    expect(sockets.filter((one) => !one.destroyed)).toHaveLength(2_000);
    expect(each).toBeLessThan(EACH_IDLE_BYTES);
    for (const socket of sockets) socket.destroy();
  }, 240_000);

  test('drops the oldest of handshakes that do not end, and lets others in', async () => {
    const before = residentBytes();
    // The beginning of a ClientHello of 512 bytes, of which no more comes.
    const half = Buffer.from([22, 3, 1, 2, 0, 1, 0, 1, 252, 3, 3]);
    let next = 0;
    const sockets = await many(3_000, async () => {
      const socket = await tcp();
      next += 1;
      if (next % 2 === 0) socket.write(half);
      socket.resume();
      return socket;
    });
    await expectOthersServed();
    await pause(500);
    const open = sockets.filter((one) => !one.destroyed).length;
    const grown = residentBytes() - before;

    // Those that were served meanwhile were among them for a moment.
    expect(open).toBeLessThanOrEqual(MOST_SHAKING);
    expect(open).toBeGreaterThan(MOST_SHAKING / 2);
    expect(grown).toBeLessThan(128 * MIB);
    for (const socket of sockets) socket.destroy();
  }, 240_000);

  test('hangs up on noise, below TLS and within', async () => {
    const below = await many(100, tcp);
    for (const [seed, socket] of below.entries()) {
      const bytes = noise(40 + seed * 13, seed);
      // Half of them begin like a handshake.
      if (seed % 2 === 0) bytes.set([22, 3, 1, 0, 30]);
      socket.end(bytes);
    }
    const within = await many(100, tls);
    for (const [seed, socket] of within.entries()) {
      const body = noise(20 + seed * 13, seed);
      socket.end(seed % 2 === 0 ? Buffer.concat([int32(body.length), body]) : body);
    }
    await Promise.all([...below, ...within].map(hungUp));

    for (const size of [FRAME_LIMIT + 1, 2_147_483_647, -1]) {
      const socket = await tls();
      socket.write(int32(size));
      await hungUp(socket);
    }

    await expectOthersServed();
  }, 240_000);

  test('sets nothing aside for frames that never come', async () => {
    const sockets = await many(300, tls);
    const before = residentBytes();
    for (const socket of sockets) {
      socket.write(Buffer.concat([int32(FRAME_LIMIT), Buffer.alloc(10)]));
    }
    await pause(500);
    await expectOthersServed();

    // 300 × 8 MiB were announced.
    expect(residentBytes() - before).toBeLessThan(128 * MIB);
    for (const socket of sockets) socket.destroy();
  }, 240_000);

  test('stops reading requests of a client that does not read its answers', async () => {
    const socket = await tls();
    socket.pause();
    const before = residentBytes();
    const fetch = fetchFrame();
    // Each is answered with as much as is there, up to 1 MiB.
    for (let i = 0; i < 2_000; i++) socket.write(fetch);
    await pause(2_000);
    await expectOthersServed();

    expect(residentBytes() - before).toBeLessThan(128 * MIB);
    socket.destroy();
  }, 240_000);

  test('drops who wants another handshake on the same connection', async () => {
    const socket = await tls({ maxVersion: 'TLSv1.2' });
    const isGone = hungUp(socket);
    socket.renegotiate({}, () => undefined);
    await isGone;

    expect(socket.destroyed).toBe(true);
    await expectOthersServed();
  }, 60_000);
});
