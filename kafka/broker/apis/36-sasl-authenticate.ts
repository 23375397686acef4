/** SaslAuthenticate (key 36): a token of the chosen mechanism (KIP-152). */
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { SaslAuthenticateRequest } from '../../wire/generated/sasl-authenticate-request.ts';
import { saslAuthenticateResponse } from '../../wire/generated/sasl-authenticate-response.ts';

export function saslAuthenticate(context: RequestContext, request: SaslAuthenticateRequest): void {
  const { sasl } = context.connection;
  if (sasl !== null && !sasl.complete) return sasl.authenticate(context, request.authBytes);
  const errorMessage = 'SaslAuthenticate request received after successful authentication';
  const errorCode = ErrorCode.ILLEGAL_SASL_STATE;
  context.respond(saslAuthenticateResponse({ errorCode, errorMessage }));
}
