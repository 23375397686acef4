/**
 * Envelope (KIP-590): a client's request that a broker passes on, header and all, as bytes. The
 * answer goes back the same way, and the broker sends it to its client unread.
 */
import { Reader, WireError } from '../base/reader.ts';
import { Writer } from '../base/writer.ts';
import type { RequestContext } from '../rpc/request-server.ts';
import { type ApiSpec, apiByKey, apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { CreateTopicsRequest } from '../wire/generated/create-topics-request.ts';
import type { EnvelopeRequest } from '../wire/generated/envelope-request.ts';
import { envelopeResponse } from '../wire/generated/envelope-response.ts';
import { decodeRequestHeader, encodeResponseHeader, type RequestHeader } from '../wire/headers.ts';
import type { Controller } from './controller.ts';
import { type ControllerRequest, createTopics } from './create-topics.ts';

interface Enclosed {
  readonly header: RequestHeader;
  readonly api: ApiSpec<unknown, unknown>;
  readonly request: unknown;
}

export function serveEnvelope(
  controller: Controller,
  context: RequestContext,
  envelope: EnvelopeRequest,
): void {
  if (!controller.active) {
    context.respond(envelopeResponse({ errorCode: ErrorCode.NOT_CONTROLLER }));
    return;
  }
  const enclosed = open(envelope.requestData);
  if (typeof enclosed === 'number') {
    context.respond(envelopeResponse({ errorCode: enclosed }));
    return;
  }
  const inner: ControllerRequest = {
    apiVersion: enclosed.header.requestApiVersion,
    respond: (body) => context.respond(envelopeResponse({ responseData: seal(enclosed, body) })),
  };
  switch (enclosed.api.key) {
    case apis.CreateTopics.key:
      return createTopics(controller, inner, enclosed.request as CreateTopicsRequest);
    default:
      context.respond(envelopeResponse({ errorCode: ErrorCode.INVALID_REQUEST }));
  }
}

/** @returns an error code when the bytes are no request that is served here. */
function open(bytes: Uint8Array): Enclosed | ErrorCode {
  try {
    const reader = new Reader(bytes);
    const header = decodeRequestHeader(reader);
    const api = apiByKey(header.requestApiKey);
    const version = header.requestApiVersion;
    if (api === undefined) return ErrorCode.INVALID_REQUEST;
    if (version < api.minVersion || version > api.maxVersion) return ErrorCode.UNSUPPORTED_VERSION;
    return { header, api, request: api.request.decode(reader, version) };
  } catch (problem) {
    if (!(problem instanceof WireError)) throw problem;
    return ErrorCode.INVALID_REQUEST;
  }
}

function seal({ header, api }: Enclosed, body: unknown): Uint8Array {
  const writer = new Writer();
  writer.begin();
  const apiVersion = header.requestApiVersion;
  encodeResponseHeader(writer, header.correlationId, { api, apiVersion });
  api.response.encode(writer, body, apiVersion);
  return writer.finish();
}
