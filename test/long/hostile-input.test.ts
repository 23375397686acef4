/** Clients that mean no good: memory stays bounded, no node breaks, others are served meanwhile. */
import { connect, type Socket } from 'node:net';
import { Kafka, logLevel } from 'kafkajs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Writer } from '../../kafka/base/writer.ts';
import { apis } from '../../kafka/wire/apis.ts';
import { type ServerCluster, startServerCluster } from '../../server/cluster/cluster.ts';
import { fetchFrame, int32, noise } from '../support/hostile-bytes.ts';

const MIB = 1_048_576;
const FRAME_LIMIT = 8 * MIB;
let cluster: ServerCluster;
const ends: string[] = [];
beforeAll(async () => {
  const shape = { brokers: 1, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };
  const config = { 'socket.request.max.bytes': String(FRAME_LIMIT) };
  cluster = await startServerCluster(
    { ...shape, port: 0, data: null, config },
    [{ name: 'orders', partitions: 1, replicationFactor: 1 }],
    { ended: (node, { how }) => ends.push(`${node} ${how}`) },
  );
});
afterAll(() => cluster.kill());

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function open(): Promise<Socket> {
  const socket = connect(Number(cluster.bootstrap[0]!.split(':')[1]), '127.0.0.1');
  socket.on('error', () => socket.destroy());
  return new Promise((resolve) => socket.once('connect', () => resolve(socket)));
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
  const kafka = new Kafka({ brokers: cluster.bootstrap, logLevel: logLevel.NOTHING });
  const producer = kafka.producer();
  await producer.connect();
  const messages = [{ value: 'x' }];
  const [answer] = await producer.send({ topic: 'orders', acks: -1, messages });
  await producer.disconnect();
  expect(answer!.errorCode).toBe(0);
  expect(ends).toEqual([]);
}

describe('a broker', () => {
  test('hangs up on noise', async () => {
    const sockets = await Promise.all(Array.from({ length: 200 }, open));
    for (const [seed, socket] of sockets.entries()) {
      // A plausible size in front of half of them: the noise is taken for a request.
      const body = noise(20 + seed * 13, seed);
      socket.write(seed % 2 === 0 ? Buffer.concat([int32(body.length), body]) : body);
      socket.end();
    }

    await Promise.all(sockets.map(hungUp));

    await expectOthersServed();
  });

  test('hangs up on frames that are too long, and on negative ones', async () => {
    for (const size of [FRAME_LIMIT + 1, 2_147_483_647, -1, -2_147_483_648]) {
      const socket = await open();
      socket.write(int32(size));
      await hungUp(socket);
    }

    await expectOthersServed();
  });

  test('hangs up on whole requests that were cut short', async () => {
    const writer = new Writer();
    writer.begin();
    writer.int16(apis.Metadata.key);
    writer.int16(5);
    writer.int32(1);
    writer.string('x');
    writer.arrayLength(1_000_000);
    const body = writer.finish();
    const socket = await open();
    socket.write(Buffer.concat([int32(body.length), body]));

    await hungUp(socket);

    await expectOthersServed();
  });

  test('sets nothing aside for frames that never come', async () => {
    const sockets = await Promise.all(Array.from({ length: 500 }, open));
    const before = process.memoryUsage().arrayBuffers;
    for (const socket of sockets)
      socket.write(Buffer.concat([int32(FRAME_LIMIT), Buffer.alloc(10)]));
    await pause(300);

    const grown = process.memoryUsage().arrayBuffers - before;

    // 500 × 8 MiB were announced.
    expect(grown).toBeLessThan(100 * MIB);
    await expectOthersServed();
    for (const socket of sockets) socket.destroy();
  });

  test('stops reading requests of a client that does not read its answers', async () => {
    const kafka = new Kafka({ brokers: cluster.bootstrap, logLevel: logLevel.NOTHING });
    const producer = kafka.producer();
    await producer.connect();
    const messages = Array.from({ length: 4 }, () => ({ value: Buffer.alloc(200_000) }));
    await producer.send({ topic: 'orders', acks: -1, messages });
    await producer.disconnect();
    const socket = await open();
    socket.pause();
    const before = process.memoryUsage().arrayBuffers;
    const fetch = fetchFrame();
    // Each is answered with 0.8 MB.
    for (let i = 0; i < 2_000; i++) socket.write(fetch);
    await pause(1_500);

    const grown = process.memoryUsage().arrayBuffers - before;

    expect(grown).toBeLessThan(64 * MIB);
    await expectOthersServed();
    socket.destroy();
  });

  test('reads no further while the requests of a client pile up', async () => {
    const socket = await open();
    const parked = fetchFrame(60_000, FRAME_LIMIT);
    socket.write(parked);
    const before = process.memoryUsage().arrayBuffers;
    const piece = noise(MIB, 7);
    let written = 0;
    for (let i = 0; i < 40; i++) {
      const request = Buffer.concat([int32(piece.length), piece]);
      socket.write(request);
      written += request.length;
    }
    await pause(1_000);

    const left = socket.writableLength;
    const atBroker = process.memoryUsage().arrayBuffers - before - written;

    expect(left).toBeGreaterThan(written / 2);
    expect(atBroker).toBeLessThan(16 * MIB);
    await expectOthersServed();
    socket.destroy();
  });
});
