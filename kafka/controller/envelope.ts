/**
 * Envelope (KIP-590): a client's request that a broker passes on, header and all, as bytes. The
 * answer goes back the same way, and the broker sends it to its client unread.
 */
import { Reader, WireError } from '../base/reader.ts';
import { Writer } from '../base/writer.ts';
import type { RequestContext } from '../rpc/request-server.ts';
import { type ApiSpec, apiByKey, apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import type { AddRaftVoterRequest } from '../wire/generated/add-raft-voter-request.ts';
import type { DescribeQuorumRequest } from '../wire/generated/describe-quorum-request.ts';
import type { EnvelopeRequest } from '../wire/generated/envelope-request.ts';
import { envelopeResponse } from '../wire/generated/envelope-response.ts';
import type { RemoveRaftVoterRequest } from '../wire/generated/remove-raft-voter-request.ts';
import { decodeRequestHeader, encodeResponseHeader, type RequestHeader } from '../wire/headers.ts';
import type { ControllerServices } from './controller-apis.ts';
import { describeQuorum } from './describe-quorum.ts';
import { allowedPart, enclosedAsker, operateFor } from './guarded.ts';
import { operatorApi } from './operator-apis.ts';

interface Enclosed {
  readonly header: RequestHeader;
  readonly api: ApiSpec<unknown, unknown>;
  readonly request: unknown;
}

export function serveEnvelope(
  services: ControllerServices,
  context: RequestContext,
  envelope: EnvelopeRequest,
): void {
  const { controller } = services;
  const refused = envelopeResponse({ errorCode: ErrorCode.NOT_CONTROLLER });
  if (!controller.active) return context.respond(refused);
  const enclosed = open(envelope.requestData);
  if (typeof enclosed === 'number') {
    context.respond(envelopeResponse({ errorCode: enclosed }));
    return;
  }
  const answer = (response: unknown): void =>
    context.respond(
      response === null ? refused : envelopeResponse({ responseData: seal(enclosed, response) }),
    );
  const { api, request, header } = enclosed;
  const asker = enclosedAsker(envelope, header.requestApiVersion);
  if (asker === null) {
    const errorCode = ErrorCode.PRINCIPAL_DESERIALIZATION_FAILURE;
    return context.respond(envelopeResponse({ errorCode }));
  }
  const operator = operatorApi(api.key);
  if (operator !== undefined) {
    const result = operateFor(controller, operator, request, asker);
    if (result !== null) return controller.perform(result, answer);
  } else {
    const split = allowedPart(controller, api.key, request, asker);
    if (split?.kind === 'refused') return answer(split.response);
    if (split !== null) return serveQuorumRequest(services, context, enclosed, answer);
  }
  context.respond(envelopeResponse({ errorCode: ErrorCode.CLUSTER_AUTHORIZATION_FAILED }));
}

/** Requests that the quorum itself answers. */
function serveQuorumRequest(
  { raft, server }: ControllerServices,
  context: RequestContext,
  { header, api, request }: Enclosed,
  respond: (response: unknown) => void,
): void {
  const { nowMs } = server.runtime;
  switch (api.key) {
    case apis.AddRaftVoter.key:
      return raft.voterChanges.add(request as AddRaftVoterRequest, { respond });
    case apis.RemoveRaftVoter.key:
      return raft.voterChanges.remove(request as RemoveRaftVoterRequest, { respond });
    case apis.DescribeQuorum.key:
      return respond(
        describeQuorum(raft, request as DescribeQuorumRequest, {
          apiVersion: header.requestApiVersion,
          nowMs,
        }),
      );
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
