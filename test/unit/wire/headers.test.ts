import { describe, expect, test } from 'vitest';
import { Reader, WireError } from '../../../kafka/base/reader.ts';
import { Writer } from '../../../kafka/base/writer.ts';
import { apis } from '../../../kafka/wire/apis.ts';
import {
  decodeRequestHeader,
  decodeResponseHeader,
  encodeRequestHeader,
  encodeResponseHeader,
  requestHeaderVersion,
  responseHeaderVersion,
} from '../../../kafka/wire/headers.ts';

function written(write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer();
  writer.begin();
  write(writer);
  return writer.finish();
}

describe('headers', () => {
  test('are flexible from the API version that is', () => {
    expect(requestHeaderVersion(apis.Produce, 8)).toBe(1);
    expect(requestHeaderVersion(apis.Produce, 9)).toBe(2);
    expect(responseHeaderVersion(apis.Produce, 8)).toBe(0);
    expect(responseHeaderVersion(apis.Produce, 9)).toBe(1);
    expect(requestHeaderVersion(apis.OffsetDelete, 0)).toBe(1);
    expect(requestHeaderVersion(apis.SaslHandshake, 1)).toBe(1);
  });

  test('of ApiVersions responses stay at version 0 in every version', () => {
    for (const version of [0, 3, 4])
      expect(responseHeaderVersion(apis.ApiVersions, version)).toBe(0);
    expect(requestHeaderVersion(apis.ApiVersions, 3)).toBe(2);
  });

  test('keep the client id in the old encoding when flexible', () => {
    const header = { requestApiKey: 0, requestApiVersion: 9, correlationId: 7, clientId: 'p1' };

    const bytes = written((w) => encodeRequestHeader(w, header, apis.Produce));

    expect(Buffer.from(bytes).toString('hex')).toBe(
      '0000' + '0009' + '00000007' + '00027031' + '00',
    );
    expect(decodeRequestHeader(new Reader(bytes))).toEqual(header);
  });

  test('of requests may have no client id', () => {
    const header = { requestApiKey: 3, requestApiVersion: 1, correlationId: -1, clientId: null };

    const bytes = written((w) => encodeRequestHeader(w, header, apis.Metadata));

    expect(bytes.length).toBe(10);
    expect(decodeRequestHeader(new Reader(bytes))).toEqual(header);
  });

  test('of responses skip tags in flexible versions', () => {
    const plain = written((w) => encodeResponseHeader(w, 5, { api: apis.Fetch, apiVersion: 11 }));
    const flexible = written((w) =>
      encodeResponseHeader(w, 5, { api: apis.Fetch, apiVersion: 12 }),
    );
    const tagged = Uint8Array.of(0, 0, 0, 5, 1, 9, 2, 1, 1);

    expect(plain.length).toBe(4);
    expect(flexible.length).toBe(5);
    const reader = new Reader(tagged);
    expect(decodeResponseHeader(reader, apis.Fetch, 12)).toBe(5);
    expect(reader.remaining).toBe(0);
  });

  test('of an unknown API key are refused', () => {
    const bytes = Uint8Array.of(0x7f, 0xff, 0, 0, 0, 0, 0, 1, 255, 255);

    expect(() => decodeRequestHeader(new Reader(bytes))).toThrow(WireError);
  });
});
