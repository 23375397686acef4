import { describe, expect, test } from 'vitest';
import { Reader, WireError, type WireErrorKind } from '../../../kafka/base/reader.ts';
import { Writer } from '../../../kafka/base/writer.ts';
import { apis } from '../../../kafka/wire/apis.ts';
import type { MessageCodec } from '../../../kafka/wire/codec.ts';
import { apiVersionsResponse } from '../../../kafka/wire/generated/api-versions-response.ts';
import { fetchRequest, fetchRequestCodec } from '../../../kafka/wire/generated/fetch-request.ts';
import {
  fetchableTopicResponse,
  fetchResponse,
  fetchResponseCodec,
  partitionData,
} from '../../../kafka/wire/generated/fetch-response.ts';
import {
  metadataRequest,
  metadataRequestCodec,
} from '../../../kafka/wire/generated/metadata-request.ts';
import {
  produceRequest,
  produceRequestCodec,
} from '../../../kafka/wire/generated/produce-request.ts';
import {
  produceResponse,
  produceResponseCodec,
} from '../../../kafka/wire/generated/produce-response.ts';
import { declared } from './support/codecs.ts';

function encode<T>(codec: MessageCodec<T>, message: T, version: number): Uint8Array {
  const writer = new Writer();
  writer.begin();
  codec.encode(writer, message, version);
  return writer.finish();
}

function failure(action: () => unknown): WireErrorKind | null {
  try {
    action();
  } catch (problem) {
    if (problem instanceof WireError) return problem.kind;
    throw problem;
  }
  return null;
}

describe('encoding', () => {
  test('refuses a value that the version cannot carry and may not lose', () => {
    const message = produceRequest({ transactionalId: 'payments' });

    expect(failure(() => encode(produceRequestCodec, message, 2))).toBe('unsupported-version');
    expect(failure(() => encode(produceRequestCodec, message, 3))).toBeNull();
  });

  test('drops an ignorable value silently in versions without it', () => {
    const message = produceResponse({ throttleTimeMs: 100 });

    const bytes = encode(produceResponseCodec, message, 0);

    expect(produceResponseCodec.decode(new Reader(bytes), 0)).toEqual(produceResponse());
  });

  test('refuses a tagged value in versions without its tag', () => {
    const message = fetchRequest({ replicaState: { replicaId: 2, replicaEpoch: 7 } });

    expect(failure(() => encode(fetchRequestCodec, message, 14))).toBe('unsupported-version');
    expect(failure(() => encode(fetchRequestCodec, message, 15))).toBeNull();
  });

  test('refuses null in versions that do not allow it', () => {
    const message = metadataRequest({ topics: null });

    expect(failure(() => encode(metadataRequestCodec, message, 0))).toBe('invalid-length');
    expect(encode(metadataRequestCodec, message, 1)).toEqual(Uint8Array.of(255, 255, 255, 255));
  });

  test('leaves defaults out of the tag section', () => {
    const partition = (init: Parameters<typeof partitionData>[0]) =>
      fetchResponse({
        responses: [fetchableTopicResponse({ partitions: [partitionData(init)] })],
      });

    const plain = encode(fetchResponseCodec, partition({}), 13);
    const same = encode(
      fetchResponseCodec,
      partition({ currentLeader: { leaderId: -1, leaderEpoch: -1 } }),
      13,
    );
    const hinted = encode(
      fetchResponseCodec,
      partition({ currentLeader: { leaderId: 1, leaderEpoch: 4 } }),
      13,
    );

    expect(same).toEqual(plain);
    expect(hinted.length).toBe(plain.length + 2 + 9);
  });

  test('answers a refused ApiVersions version in version 0 without its later fields', () => {
    const message = apiVersionsResponse({
      errorCode: 35,
      apiKeys: [{ apiKey: 18, minVersion: 0, maxVersion: 4 }],
    });

    const bytes = encode(apis.ApiVersions.response, message, 0);

    expect(Buffer.from(bytes).toString('hex')).toBe('0023000000010012' + '00000004');
  });

  test('refuses versions that a message does not have', () => {
    for (const { codec, create, schema } of declared) {
      for (const version of [-1, schema.versions.min - 1, schema.versions.max + 1, Number.NaN]) {
        expect(failure(() => encode(codec, create(), version))).toBe('unsupported-version');
        expect(failure(() => codec.decode(new Reader(new Uint8Array(64)), version))).toBe(
          'unsupported-version',
        );
      }
    }
  });
});

describe('decoding', () => {
  test('skips tags it does not know', () => {
    const bytes = encode(produceResponseCodec, produceResponse({ throttleTimeMs: 5 }), 11);
    const tagged = Uint8Array.of(...bytes.subarray(0, -1), 1, 99, 3, 1, 2, 3);

    const reader = new Reader(tagged);
    const message = produceResponseCodec.decode(reader, 11);

    expect(message).toEqual(produceResponse({ throttleTimeMs: 5 }));
    expect(reader.remaining).toBe(0);
  });

  test('refuses a tag whose content is shorter or longer than its size', () => {
    const message = fetchRequest({ replicaState: { replicaId: 2, replicaEpoch: 7 } });
    const bytes = encode(fetchRequestCodec, message, 15);
    const sizeAt = bytes.length - 14;
    expect(bytes[sizeAt]).toBe(13);

    for (const size of [0, 12]) {
      const wrong = bytes.slice();
      wrong[sizeAt] = size;
      expect(failure(() => fetchRequestCodec.decode(new Reader(wrong), 15))).toBe('invalid-length');
    }
    const beyond = bytes.slice();
    beyond[sizeAt] = 14;
    expect(failure(() => fetchRequestCodec.decode(new Reader(beyond), 15))).toBe('truncated');
  });

  test('gives record sets as views into the frame, not as copies', () => {
    const message = fetchResponse({
      responses: [
        fetchableTopicResponse({
          partitions: [partitionData({ records: Uint8Array.of(1, 2, 3) })],
        }),
      ],
    });
    const bytes = encode(fetchResponseCodec, message, 17);

    const decoded = fetchResponseCodec.decode(new Reader(bytes), 17);

    expect(decoded.responses[0]?.partitions[0]?.records?.buffer).toBe(bytes.buffer);
  });
});
