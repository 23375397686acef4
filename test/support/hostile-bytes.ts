/** What clients send that mean no good. */
import { Writer } from '../../kafka/base/writer.ts';
import { apis } from '../../kafka/wire/apis.ts';
import {
  fetchPartition,
  fetchRequest,
  fetchTopic,
} from '../../kafka/wire/generated/fetch-request.ts';

const MAX_FETCHED_BYTES = 1_048_576;

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** Same bytes in every run. */
export function noise(length: number, seed: number): Uint8Array {
  const bytes = new Uint8Array(length);
  let state = seed;
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[i] = state >>> 24;
  }
  return bytes;
}

/** Asks for `orders-0` from its beginning. */
export function fetchFrame(maxWaitMs = 0, minBytes = 0): Uint8Array {
  const writer = new Writer();
  writer.begin();
  writer.int32(0);
  writer.int16(apis.Fetch.key);
  writer.int16(4);
  writer.int32(1);
  writer.string('slow');
  const limit = MAX_FETCHED_BYTES;
  const partitions = [fetchPartition({ partition: 0, fetchOffset: 0, partitionMaxBytes: limit })];
  const topics = [fetchTopic({ topic: 'orders', partitions })];
  const request = fetchRequest({ replicaId: -1, maxWaitMs, minBytes, maxBytes: limit, topics });
  apis.Fetch.request.encode(writer, request, 4);
  writer.patchInt32(0, writer.length - 4);
  return writer.finish();
}
