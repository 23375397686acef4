/**
 * Operators' requests that are the controller's business: forwarded to it, header and all
 * (KIP-590). When no controller answers in time, whether they were done is not known.
 */
import { operatorApisFor } from '../../controller/operator-apis.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { BrokerServices } from '../broker-services.ts';

/** Judged here before they are forwarded: see their own files. */
const OWN_HANDLERS: ReadonlySet<number> = new Set([
  apis.AlterConfigs.key,
  apis.IncrementalAlterConfigs.key,
]);

export function serveForwardedApis(broker: BrokerServices): void {
  for (const { api, refuse } of operatorApisFor(broker.config)) {
    if (OWN_HANDLERS.has(api.key)) continue;
    broker.server.serve(api, api, (context, request) => {
      broker.forwarding.forward(api, context, request, (response) => {
        const { REQUEST_TIMED_OUT } = ErrorCode;
        context.respond(response ?? refuse(request, REQUEST_TIMED_OUT, context.apiVersion));
      });
    });
  }
}
