/**
 * AlterConfigs (key 33), the older form of IncrementalAlterConfigs: judged here as that is, then
 * forwarded as it came. Settings of a broker that is named are changed through that broker.
 */
import { refuseReplaceConfigs } from '../../controller/refused-requests.ts';
import { incremental } from '../../controller/replace-configs.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode } from '../../wire/errors.ts';
import {
  type AlterConfigsRequest,
  alterConfigsRequest,
} from '../../wire/generated/alter-configs-request.ts';
import {
  type AlterConfigsResourceResponse,
  alterConfigsResourceResponse,
  alterConfigsResponse,
} from '../../wire/generated/alter-configs-response.ts';
import type { BrokerServices } from '../broker-services.ts';
import { problemWith } from './44-incremental-alter-configs.ts';

export function alterConfigs(broker: BrokerServices) {
  return (context: RequestContext, request: AlterConfigsRequest): void => {
    const { resources } = incremental(broker.metadata.image, request);
    const refused: AlterConfigsResourceResponse[] = [];
    const passed = request.resources.filter((resource, place) => {
      const same = resources[place];
      const errorMessage = same === undefined ? null : problemWith(broker, same, resources);
      if (errorMessage === null) return true;
      const { resourceType, resourceName } = resource;
      const said = { errorCode: ErrorCode.INVALID_REQUEST, errorMessage };
      refused.push(alterConfigsResourceResponse({ resourceType, resourceName, ...said }));
      return false;
    });
    if (passed.length === 0) {
      context.respond(alterConfigsResponse({ responses: refused }));
      return;
    }
    const { validateOnly } = request;
    const forwarded = alterConfigsRequest({ resources: passed, validateOnly });
    broker.forwarding.forward(apis.AlterConfigs, context, forwarded, (response) => {
      const answered = response ?? refuseReplaceConfigs(forwarded, ErrorCode.REQUEST_TIMED_OUT);
      context.respond(alterConfigsResponse({ responses: [...refused, ...answered.responses] }));
    });
  };
}
