/** Requests of somebody to the controller, as far as they are allowed to that one. */
import type { RequestContext } from '../rpc/request-server.ts';
import { ALL, type Split } from '../security/guard.ts';
import { hostOfBytes } from '../security/host-text.ts';
import { ANONYMOUS, type Principal } from '../security/principal.ts';
import type { EnvelopeRequest } from '../wire/generated/envelope-request.ts';
import { decodePrincipal } from '../wire/principal.ts';
import type { Controller } from './controller.ts';
import { type ControllerResult, readOnly } from './controller-result.ts';
import type { OperatorApi } from './operator-apis.ts';
import { operatorGuard } from './operator-guards.ts';

export interface Asker {
  readonly principal: Principal;
  /** An address. */
  readonly host: string;
  readonly apiVersion: number;
}

export function askerOf({ principal, peer, apiVersion }: RequestContext): Asker {
  return { principal, host: peer.host, apiVersion };
}

/** Whose request a broker passes on; null: that cannot be read. */
export function enclosedAsker(
  { requestPrincipal, clientHostAddress }: EnvelopeRequest,
  apiVersion: number,
): Asker | null {
  const isNamed = requestPrincipal !== null && requestPrincipal.length > 0;
  const principal = isNamed ? decodePrincipal(requestPrincipal) : ANONYMOUS;
  const host = hostOfBytes(clientHostAddress);
  return principal === null || host === null ? null : { principal, host, apiVersion };
}

/** What of a request the asker may have. An API without a guard is for nobody. */
export function allowedPart(
  { authorizer, image }: Controller,
  apiKey: number,
  request: unknown,
  { principal, host, apiVersion }: Asker,
): Split<unknown, unknown> | null {
  if (authorizer === null) return ALL;
  const guard = operatorGuard(apiKey);
  return guard?.(authorizer.permissions(principal, host), request, { image, apiVersion }) ?? null;
}

/** What the active controller makes of an operator's request; null: nobody may ask for it. */
export function operateFor(
  controller: Controller,
  { api, operate }: OperatorApi<unknown, unknown>,
  request: unknown,
  asker: Asker,
): ControllerResult<unknown> | null {
  const split = allowedPart(controller, api.key, request, asker);
  if (split === null) return null;
  switch (split.kind) {
    case 'all':
      return operate(controller, request, asker.apiVersion);
    case 'refused':
      return readOnly(split.response);
    default: {
      const result = operate(controller, split.request, asker.apiVersion);
      return { ...result, response: split.complete(result.response) };
    }
  }
}
