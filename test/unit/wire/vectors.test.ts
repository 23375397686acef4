import { expect, test } from 'vitest';
import { Reader } from '../../../kafka/base/reader.ts';
import { Writer } from '../../../kafka/base/writer.ts';
import { apiByKey } from '../../../kafka/wire/apis.ts';
import { readVectors } from './support/reference-data.ts';

/** DescribeAcls, CreateAcls, DeleteAcls, AlterConfigs: recorded, but not among our APIs. */
const NOT_OURS = new Set([29, 30, 31, 33]);

const vectors = readVectors();
const writer = new Writer();

test.skipIf(vectors === null)('bodies of a real client decode and encode to the same bytes', () => {
  const ours = (vectors ?? []).filter((vector) => !NOT_OURS.has(vector.apiKey as number));
  expect(ours).toHaveLength(174);

  for (const { source, apiKey, version, kind, hex, headerTagByte } of ours) {
    const api = apiByKey(apiKey as number)!;
    const codec = kind === 'request' ? api.request : api.response;
    const bytes = Buffer.from(hex, 'hex').subarray(headerTagByte === true ? 1 : 0);
    const reader = new Reader(bytes);

    const message = codec.decode(reader, version as number);
    writer.begin();
    codec.encode(writer, message, version as number);

    expect(reader.remaining, source).toBe(0);
    expect(Buffer.from(writer.finish()).toString('hex'), source).toBe(bytes.toString('hex'));
  }
});
