/**
 * Forwards admin requests of clients to the active controller inside Envelopes, with the
 * client's own header and version (KIP-590; Kafka: ForwardingManager).
 */
import { Reader, WireError } from '../base/reader.ts';
import type { Address } from '../host.ts';
import type { ControllerLink } from '../replication/alter-partition-manager.ts';
import type { NodeRuntime } from '../rpc/node-runtime.ts';
import { hostBytes } from '../security/host-text.ts';
import type { Principal } from '../security/principal.ts';
import { type ApiSpec, apis } from '../wire/apis.ts';
import { ErrorCode } from '../wire/errors.ts';
import { envelopeRequest } from '../wire/generated/envelope-request.ts';
import { encodePrincipal } from '../wire/principal.ts';

/** Whose request it is; a RequestContext fits. */
export interface ForwardedHeader {
  readonly apiVersion: number;
  readonly correlationId: number;
  readonly clientId: string | null;
  readonly principal: Principal;
  readonly peer: Address;
}

/** Where nobody asks whose request it is, as an Envelope says nothing. */
const NO_PRINCIPAL = new Uint8Array(0);

export class Forwarding {
  private readonly runtime: NodeRuntime;
  private readonly link: ControllerLink;
  private readonly tellsWho: boolean;

  /** @param tellsWho the controller is told whose request it is, and from where. */
  constructor(runtime: NodeRuntime, link: ControllerLink, tellsWho: boolean) {
    this.runtime = runtime;
    this.link = link;
    this.tellsWho = tellsWho;
  }

  /** @param onReply gets the controller's answer, or null when none came in time. */
  forward<Req, Res>(
    api: ApiSpec<Req, Res>,
    header: ForwardedHeader,
    request: Req,
    onReply: (response: Res | null) => void,
  ): void {
    const envelope = envelopeRequest({
      requestData: this.encode(api, header, request),
      requestPrincipal: this.tellsWho
        ? encodePrincipal(this.runtime.writer, header.principal)
        : NO_PRINCIPAL,
      clientHostAddress: hostBytes(this.tellsWho ? header.peer.host : ''),
    });
    this.link.send(apis.Envelope, envelope, (response) => {
      const data = response?.responseData ?? null;
      if (response === null || data === null || response.errorCode !== ErrorCode.NONE) {
        onReply(null);
        return;
      }
      onReply(decodeResponse(api, header.apiVersion, data));
    });
  }

  private encode<Req, Res>(api: ApiSpec<Req, Res>, header: ForwardedHeader, request: Req) {
    const { writer } = this.runtime;
    writer.begin();
    writer.int16(api.key);
    writer.int16(header.apiVersion);
    writer.int32(header.correlationId);
    writer.nullableString(header.clientId);
    if (header.apiVersion >= api.flexibleFrom) writer.int8(0);
    api.request.encode(writer, request, header.apiVersion);
    return writer.finish();
  }
}

function decodeResponse<Req, Res>(
  api: ApiSpec<Req, Res>,
  version: number,
  data: Uint8Array,
): Res | null {
  const reader = new Reader(data);
  try {
    reader.int32();
    if (version >= api.flexibleFrom) reader.skipTags();
    return api.response.decode(reader, version);
  } catch (problem) {
    if (!(problem instanceof WireError)) throw problem;
    return null;
  }
}
