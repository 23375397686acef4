/** connections.max.idle.ms, max.connections and max.connections.per.ip on real sockets. */
import { connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { Writer } from '../../../kafka/base/writer.ts';
import { apis } from '../../../kafka/wire/apis.ts';
import { apiVersionsRequest } from '../../../kafka/wire/generated/api-versions-request.ts';
import { type ServerCluster, startServerCluster } from '../../../server/cluster/cluster.ts';

let cluster: ServerCluster | null = null;
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  cluster?.kill();
});

async function brokerWith(config: Readonly<Record<string, string>>): Promise<void> {
  const shape = { brokers: 1, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };
  cluster = await startServerCluster({ ...shape, port: 0, data: null, config });
  // The cluster's own client would count.
  cluster.client.kill();
  const { network } = cluster.brokers[0]!.process!;
  const accepted = () => [...network.all()].filter((one) => !one.initiator).length;
  await cluster.until('its own client to be gone', () => accepted() === 0);
}

function open(): Socket {
  const socket = connect(Number(cluster!.bootstrap[0]!.split(':')[1]), '127.0.0.1');
  socket.on('error', () => socket.destroy());
  sockets.push(socket);
  return socket;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks ApiVersions; false when no answer comes for a while. */
async function isServed(socket: Socket): Promise<boolean> {
  const writer = new Writer();
  writer.begin();
  writer.int32(0);
  writer.int16(apis.ApiVersions.key);
  writer.int16(0);
  writer.int32(1);
  writer.string('x');
  apis.ApiVersions.request.encode(writer, apiVersionsRequest(), 0);
  writer.patchInt32(0, writer.length - 4);
  if (socket.destroyed) return false;
  socket.write(writer.finish());
  return Promise.race([
    new Promise<boolean>((resolve) => socket.once('data', () => resolve(true))),
    new Promise<boolean>((resolve) => socket.once('close', () => resolve(false))),
    pause(400).then(() => false),
  ]);
}

test('a connection without traffic is closed, one in use is not', async () => {
  await brokerWith({ 'connections.max.idle.ms': '500' });
  const idle = open();
  const used = open();
  idle.resume();

  for (let i = 0; i < 8; i++) {
    expect(await isServed(used)).toBe(true);
    await pause(100);
  }

  expect(idle.destroyed).toBe(true);
  expect(used.destroyed).toBe(false);
});

test('beyond max.connections.per.ip a connection is closed at once', async () => {
  await brokerWith({ 'max.connections.per.ip': '2' });

  const served = [await isServed(open()), await isServed(open()), await isServed(open())];

  expect(served).toEqual([true, true, false]);
  expect(sockets[2]!.destroyed).toBe(true);
});

test('an address can have a limit of its own', async () => {
  await brokerWith({
    'max.connections.per.ip': '1',
    'max.connections.per.ip.overrides': '127.0.0.1:2',
  });

  const served = [await isServed(open()), await isServed(open()), await isServed(open())];

  expect(served).toEqual([true, true, false]);
});

test('beyond max.connections one waits until another ends', async () => {
  await brokerWith({ 'max.connections': '2' });
  const [first, second, third] = [open(), open(), open()];
  expect([await isServed(first!), await isServed(second!)]).toEqual([true, true]);
  expect(await isServed(third!)).toBe(false);
  expect(third!.destroyed).toBe(false);

  const answered = new Promise((resolve) => third!.once('data', resolve));
  first!.destroy();

  await answered;
});
