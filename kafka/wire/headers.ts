/**
 * Request and response headers, and which of their versions an API version takes (KIP-482):
 * flexible requests have header 2, others 1; flexible responses header 1, others 0. ApiVersions
 * responses always have header 0, so that a client can read the refusal of a version it guessed.
 */
import type { Reader } from '../base/reader.ts';
import type { Writer } from '../base/writer.ts';
import { type ApiSpec, apiByKey, apis } from './apis.ts';
import { unsupportedVersion } from './codec.ts';
import {
  decodeRequestHeader as decodeRequestHeaderBody,
  encodeRequestHeader as encodeRequestHeaderBody,
  type RequestHeader,
} from './generated/request-header.ts';

export type { RequestHeader } from './generated/request-header.ts';

type AnyApi = Pick<ApiSpec<never, never>, 'key' | 'flexibleFrom'>;

export function requestHeaderVersion(api: AnyApi, apiVersion: number): 1 | 2 {
  return apiVersion >= api.flexibleFrom ? 2 : 1;
}

export function responseHeaderVersion(api: AnyApi, apiVersion: number): 0 | 1 {
  return apiVersion >= api.flexibleFrom && api.key !== apis.ApiVersions.key ? 1 : 0;
}

/** Reads key and version first, because they decide the rest. An unknown key is a `WireError`. */
export function decodeRequestHeader(r: Reader): RequestHeader {
  const start = r.position;
  const apiKey = r.int16();
  const apiVersion = r.int16();
  const api = apiByKey(apiKey);
  if (api === undefined) throw unsupportedVersion(`API key ${apiKey}`, apiVersion);
  r.position = start;
  return decodeRequestHeaderBody(r, requestHeaderVersion(api, apiVersion));
}

export function encodeRequestHeader(w: Writer, header: RequestHeader, api: AnyApi): void {
  encodeRequestHeaderBody(w, header, requestHeaderVersion(api, header.requestApiVersion));
}

/** @returns the correlation id. */
export function decodeResponseHeader(r: Reader, api: AnyApi, apiVersion: number): number {
  const correlationId = r.int32();
  if (responseHeaderVersion(api, apiVersion) === 1) r.skipTags();
  return correlationId;
}

export function encodeResponseHeader(
  w: Writer,
  correlationId: number,
  call: { api: AnyApi; apiVersion: number },
): void {
  w.int32(correlationId);
  if (responseHeaderVersion(call.api, call.apiVersion) === 1) w.unsignedVarint(0);
}
