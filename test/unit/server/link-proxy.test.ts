/** What a link between two real nodes does to the bytes of a connection. */
import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { LinkProxy } from '../../../server/network/link-proxy.ts';
import { type LinkState, wholeLink } from '../../../server/network/link-way.ts';

let there: LinkState;
let back: LinkState;
let server: Server;
let accepted: Socket[];
let heard: string;
/** Ends that came in. */
let ends: number;
let proxy: LinkProxy;
let port: number;
let clients: Socket[];
beforeEach(async () => {
  there = wholeLink();
  back = wholeLink();
  accepted = [];
  clients = [];
  heard = '';
  ends = 0;
  server = createServer({ allowHalfOpen: true }, (socket) => {
    accepted.push(socket);
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      heard += data;
    });
    socket.on('end', () => {
      ends += 1;
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const target = { host: '127.0.0.1', port: (server.address() as { port: number }).port };
  proxy = new LinkProxy('127.0.0.1', target, [there, back]);
  port = (await proxy.open()).port;
});
afterEach(() => {
  proxy.close();
  for (const socket of [...accepted, ...clients]) socket.destroy();
  server.close();
});

async function connected(): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  socket.on('error', () => undefined);
  clients.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** However it comes. */
function closed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

describe('a link', () => {
  test('that is whole passes bytes and the end of each side, in order', async () => {
    const client = await connected();
    let answer = '';
    client.on('data', (data) => {
      answer += data;
    });

    const over = closed(client);
    client.end('question');
    await until(() => ends === 1);
    accepted[0]!.end('answer');
    await over;

    expect(heard).toBe('question');
    expect(answer).toBe('answer');
  });

  test('that is cut holds everything until it heals, and loses nothing', async () => {
    const client = await connected();
    client.write('before ');
    await until(() => heard === 'before ');

    there.cut = true;
    client.write('meanwhile ');
    client.end('and the end');
    await pause(60);
    const meanwhile = heard;
    there.cut = false;
    proxy.changed();
    await until(() => ends === 1);

    expect(meanwhile).toBe('before ');
    expect(heard).toBe('before meanwhile and the end');
  });

  test('that is cut in one direction passes the other', async () => {
    const client = await connected();
    there.cut = true;
    let answer = '';
    client.on('data', (data) => {
      answer += data;
    });

    client.write('question');
    await until(() => accepted.length === 1);
    accepted[0]!.write('told all the same');
    await until(() => answer === 'told all the same');

    expect(heard).toBe('');
  });

  test('with a delay and jitter is later and keeps the order', async () => {
    there.delayMs = 20;
    there.jitterMs = 30;
    const client = await connected();
    const beganMs = performance.now();

    for (let i = 0; i < 20; i++) {
      client.write(`${i} `);
      await pause(1);
    }
    await until(() => heard.endsWith('19 '));

    expect(heard).toBe(Array.from({ length: 20 }, (_, i) => `${i} `).join(''));
    expect(performance.now() - beganMs).toBeGreaterThan(20);
  });

  test('with a bandwidth takes the time that the bytes need, over all connections', async () => {
    there.bytesPerSecond = 20_000;
    const beganMs = performance.now();
    const [one, other] = [await connected(), await connected()];

    one.write('x'.repeat(2_000));
    other.write('y'.repeat(2_000));
    await until(() => heard.length === 4_000);

    expect(performance.now() - beganMs).toBeGreaterThan(190);
  });

  test('that is whole again lets go at once of what a slow one held', async () => {
    there.bytesPerSecond = 1;
    const client = await connected();
    client.write('x'.repeat(10_000));
    await pause(30);

    Object.assign(there, wholeLink());
    proxy.changed();
    await until(() => heard.length === 10_000);

    expect(heard).toBe('x'.repeat(10_000));
  });

  test('that is reset ends the connections of both sides, and takes new ones', async () => {
    const client = await connected();
    client.write('a');
    await until(() => heard === 'a');
    const ended = [closed(client), closed(accepted[0]!)];

    const count = proxy.reset();
    await Promise.all(ended);
    const again = await connected();
    again.write('b');
    await until(() => heard === 'ab');

    expect(count).toBe(1);
  });

  test('passes on that the other end was reset, and that nobody listens', async () => {
    const client = await connected();
    client.write('a');
    await until(() => heard === 'a');
    const reset = closed(client);
    accepted[0]!.resetAndDestroy();
    await reset;
    server.close();

    const refused = connect(port, '127.0.0.1');
    refused.on('error', () => undefined);
    await closed(refused);

    expect(refused.destroyed).toBe(true);
  });

  test('keeps little of what a reader does not take', async () => {
    const client = await connected();
    await until(() => accepted.length === 1);
    accepted[0]!.pause();
    let taken = 0;
    const piece = Buffer.alloc(65_536);
    for (let i = 0; i < 1_000; i++) {
      client.write(piece);
      if (client.writableLength === 0) taken += 1;
      await new Promise((resolve) => setImmediate(resolve));
    }

    // What is not in the kernel's buffers and the proxy's waits on the writer's side.
    expect(client.writableLength).toBeGreaterThan(20_000_000);
    expect(taken).toBeLessThan(1_000);
  });
});
