/** Requests that are odd, and that Kafka answers. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Reader } from '../../../kafka/base/reader.ts';
import { decodeMetadataResponse } from '../../../kafka/wire/generated/metadata-response.ts';
import { type ServerCluster, startServerCluster } from '../../../server/cluster/cluster.ts';

let cluster: ServerCluster;
beforeAll(async () => {
  const shape = { brokers: 1, controllers: 1, host: '127.0.0.1', advertisedHost: '127.0.0.1' };
  const topics = [{ name: 'orders', partitions: 2, replicationFactor: 1 }];
  cluster = await startServerCluster({ ...shape, port: 0, data: null, config: {} }, topics);
});
afterAll(() => cluster.kill());

test('bytes behind a request mean nothing: librdkafka 2.12.0 asks so for all topics', async () => {
  // Metadata 12, correlation 3, of `rdkafka`: no list of topics, nothing created, no operations.
  const asked = '000000190003000c00000003000772646b61666b610000000000010000';
  const socket = connect(Number(cluster.bootstrap[0]?.split(':')[1]), '127.0.0.1');
  socket.write(Buffer.from(asked, 'hex'));
  const [answer] = (await once(socket, 'data')) as [Buffer];
  socket.destroy();

  const reader = new Reader(new Uint8Array(answer).subarray(4));
  expect(reader.int32()).toBe(3);
  reader.skipTags();
  const { topics } = decodeMetadataResponse(reader, 12);
  expect(topics?.map(({ name }) => name)).toEqual(['orders']);
});
