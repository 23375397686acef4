/** A broker that answers what a producer asks and keeps nothing: what a client can reach at most. */
import { createServer, type Socket } from 'node:net';
import { Reader } from '../../kafka/base/reader.ts';
import { Writer } from '../../kafka/base/writer.ts';
import { type ApiSpec, apiByKey, apis } from '../../kafka/wire/apis.ts';
import { FrameReader } from '../../kafka/wire/frame.ts';
import {
  apiVersion,
  apiVersionsResponse,
} from '../../kafka/wire/generated/api-versions-response.ts';
import {
  metadataResponse,
  metadataResponseBroker,
  metadataResponsePartition,
  metadataResponseTopic,
} from '../../kafka/wire/generated/metadata-response.ts';
import {
  partitionProduceResponse,
  produceResponse,
  topicProduceResponse,
} from '../../kafka/wire/generated/produce-response.ts';

const MAX_FRAME_BYTES = 104_857_600;

/** @returns where it is; it has one topic with one partition. */
export function doNothingBroker(topic: string): Promise<string> {
  const server = createServer({ noDelay: true }, (socket) => serve(socket, topic));
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = address !== null && typeof address === 'object' ? address.port : 0;
      resolve(`127.0.0.1:${port}`);
    });
  });
}

function serve(socket: Socket, topic: string): void {
  const frames = new FrameReader(MAX_FRAME_BYTES);
  const reader = new Reader(new Uint8Array(0));
  const writer = new Writer();
  socket.on('error', () => socket.destroy());
  socket.on('data', (data: Buffer) => {
    frames.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
    while (frames.next()) {
      reader.reset(frames.bytes, frames.start, frames.end);
      const key = reader.int16();
      const version = reader.int16();
      const correlationId = reader.int32();
      const api = apiByKey(key) as ApiSpec<unknown, unknown>;
      writer.begin();
      writer.int32(0);
      writer.int32(correlationId);
      if (version >= api.flexibleFrom && key !== apis.ApiVersions.key) writer.int8(0);
      api.response.encode(writer, responseTo(key, topic, socket.localPort ?? 0), version);
      writer.patchInt32(0, writer.length - 4);
      socket.write(writer.finish());
    }
  });
}

function responseTo(key: number, topic: string, port: number): unknown {
  if (key === apis.ApiVersions.key) {
    const served = [apis.Produce, apis.Metadata, apis.ApiVersions];
    const apiKeys = served.map(({ key: apiKey, minVersion, maxVersion }) =>
      apiVersion({ apiKey, minVersion, maxVersion }),
    );
    return apiVersionsResponse({ apiKeys });
  }
  if (key === apis.Metadata.key) {
    const partition = { partitionIndex: 0, leaderId: 1, replicaNodes: [1], isrNodes: [1] };
    return metadataResponse({
      brokers: [metadataResponseBroker({ nodeId: 1, host: '127.0.0.1', port })],
      controllerId: 1,
      topics: [
        metadataResponseTopic({ name: topic, partitions: [metadataResponsePartition(partition)] }),
      ],
    });
  }
  const partitionResponses = [partitionProduceResponse({ index: 0, errorCode: 0, baseOffset: 0 })];
  return produceResponse({
    responses: [topicProduceResponse({ name: topic, partitionResponses })],
  });
}
