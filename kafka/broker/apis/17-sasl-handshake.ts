/**
 * SaslHandshake (key 17): chooses how to authenticate, where the listener asks for that (KIP-43).
 * Anywhere else, or too soon after the last time, it does not fit.
 */
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { SaslHandshakeRequest } from '../../wire/generated/sasl-handshake-request.ts';
import { saslHandshakeResponse } from '../../wire/generated/sasl-handshake-response.ts';

export function saslHandshake(context: RequestContext, { mechanism }: SaslHandshakeRequest): void {
  const { sasl } = context.connection;
  if (sasl !== null && !sasl.complete) return sasl.handshake(context, mechanism);
  context.respond(saslHandshakeResponse({ errorCode: ErrorCode.ILLEGAL_SASL_STATE }));
}
