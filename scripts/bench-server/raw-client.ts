/** A client that keeps a number of produce requests under way and does nothing else. */
import { connect } from 'node:net';
import { Writer } from '../../kafka/base/writer.ts';
import { BatchBuilder } from '../../kafka/records/builder.ts';
import { apis } from '../../kafka/wire/apis.ts';
import { FrameReader } from '../../kafka/wire/frame.ts';
import {
  partitionProduceData,
  produceRequest,
  topicProduceData,
} from '../../kafka/wire/generated/produce-request.ts';

const IN_FLIGHT = 100;
const VERSION = 9;

/** @returns requests per second. */
export function pipelined(
  address: string,
  topic: string,
  requests: number,
  payloadBytes: number,
): Promise<number> {
  const [host = '', port = ''] = address.split(':');
  const request = produceFrame(topic, payloadBytes);
  const socket = connect({ host, port: Number(port), noDelay: true });
  const frames = new FrameReader(1_048_576);
  let sent = 0;
  let answered = 0;
  let beganMs = 0;
  return new Promise((resolve, reject) => {
    const fill = (): void => {
      socket.cork();
      while (sent < requests && sent - answered < IN_FLIGHT) {
        socket.write(request);
        sent += 1;
      }
      socket.uncork();
    };
    socket.once('error', reject);
    socket.once('connect', () => {
      beganMs = performance.now();
      fill();
    });
    socket.on('data', (data: Buffer) => {
      frames.push(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
      while (frames.next()) answered += 1;
      if (answered < requests) fill();
      else {
        socket.destroy();
        resolve(requests / ((performance.now() - beganMs) / 1000));
      }
    });
  });
}

/** One record of so many bytes, as every request of the benchmark sends it. */
function produceFrame(topic: string, payloadBytes: number): Uint8Array {
  const builder = new BatchBuilder();
  builder.begin();
  builder.append(Date.now(), null, new Uint8Array(payloadBytes).fill(7), []);
  const partition = partitionProduceData({ index: 0, records: builder.finish({}) });
  const topicData = [topicProduceData({ name: topic, partitionData: [partition] })];
  const body = produceRequest({ acks: 1, timeoutMs: 30_000, topicData });
  const writer = new Writer();
  writer.begin();
  writer.int32(0);
  writer.int16(apis.Produce.key);
  writer.int16(VERSION);
  writer.int32(1);
  writer.string('bench');
  writer.int8(0);
  apis.Produce.request.encode(writer, body, VERSION);
  writer.patchInt32(0, writer.length - 4);
  return writer.finish();
}
