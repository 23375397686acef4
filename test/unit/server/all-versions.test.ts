/** Whatever a client sends, in whatever version, a broker answers it or hangs up, and lives. */
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Writer } from '../../../kafka/base/writer.ts';
import { type ApiSpec, apis } from '../../../kafka/wire/apis.ts';
import { type ServerCluster, startServerCluster } from '../../../server/cluster/cluster.ts';
import type { Ended } from '../../../server/node-process.ts';
import { declaredMessage } from '../wire/support/codecs.ts';
import { arbitraryStruct } from '../wire/support/values.ts';

/** What only nodes of the quorum say to each other: a lie there may make an honest node give up. */
const QUORUM = new Set(['Vote', 'BeginQuorumEpoch', 'EndQuorumEpoch', 'FetchSnapshot']);
const SAMPLES = 4;
const PATIENCE_MS = 40;

let cluster: ServerCluster;
const broken: string[] = [];
beforeAll(async () => {
  const shape = { brokers: 1, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };
  const topics = [{ name: 'orders', partitions: 2, replicationFactor: 1 }];
  const ended = (node: string, how: Ended): void => {
    if (how.how === 'broken') broken.push(`${node}: ${(how.error as Error).stack}`);
  };
  cluster = await startServerCluster({ ...shape, port: 0, data: null, config: {} }, topics, {
    ended,
  });
});
afterEach(() => Promise.all(cluster.machines.map((machine) => machine.start())));
afterAll(() => cluster.kill());

describe('a broker lives on after', () => {
  for (const api of Object.values(apis) as ApiSpec<unknown, unknown>[]) {
    if (QUORUM.has(api.name)) continue;
    test(`${api.name} in every version`, async () => {
      const { schema } = declaredMessage(`${api.name}Request`);
      const frames: Uint8Array[] = [];
      for (let version = api.minVersion; version <= api.maxVersion; version++) {
        const seed = api.key * 100 + version;
        const bodies = fc.sample(arbitraryStruct(schema, version), { numRuns: SAMPLES, seed });
        for (const body of bodies) frames.push(frame(api, version, plausible(body)));
      }

      await Promise.all(frames.map(exchange));

      expect(broken.splice(0)).toEqual([]);
    });
  }
});

/** Random words would be refused before anything else is looked at. */
function plausible(value: unknown, name = ''): unknown {
  if (Array.isArray(value)) return value.map((one) => plausible(one, name));
  if (value instanceof Uint8Array || value === null) return value;
  if (typeof value === 'object') {
    const entries = Object.entries(value).map(([key, one]) => [key, plausible(one, key)]);
    return Object.fromEntries(entries);
  }
  if (typeof value === 'string' && value !== '') {
    if (/^(topic|topicName|name|topicNames|resourceName)$/.test(name)) return 'orders';
    if (/^(group|groupId|key|coordinatorKeys)$/.test(name)) return 'group';
  }
  // What a version does not carry must keep its default.
  if (typeof value === 'number' && Math.abs(value) > 1) {
    if (/partition|index/i.test(name)) return Math.abs(value) % 3;
    if (/acks/i.test(name)) return (Math.abs(value) % 3) - 1;
    if (/timeout|maxWait|minBytes|maxBytes/i.test(name)) return Math.abs(value) % 50;
    if (/epoch|offset|timestamp/i.test(name)) return (value % 5) - 1;
    if (/replicaId|brokerId/i.test(name)) return -1;
  }
  return value;
}

function frame(api: ApiSpec<unknown, unknown>, version: number, body: unknown): Uint8Array {
  const writer = new Writer();
  writer.begin();
  writer.int32(0);
  writer.int16(api.key);
  writer.int16(version);
  writer.int32(7);
  writer.string('anybody');
  if (version >= api.flexibleFrom) writer.int8(0);
  api.request.encode(writer, body, version);
  writer.patchInt32(0, writer.length - 4);
  return writer.finish();
}

/** Resolves when it is answered, when it is hung up on, or when patience ends. */
function exchange(bytes: Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(Number(cluster.bootstrap[0]?.split(':')[1]), '127.0.0.1');
    const patience = setTimeout(() => socket.destroy(), PATIENCE_MS);
    socket.on('data', () => socket.destroy());
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      clearTimeout(patience);
      resolve();
    });
    socket.write(bytes);
  });
}
