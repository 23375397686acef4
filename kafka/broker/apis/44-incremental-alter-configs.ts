/**
 * IncrementalAlterConfigs (key 44): forwarded to the controller, except what this broker can judge
 * by itself (Kafka: ConfigAdminManager.preprocess): settings of brokers, which the controller does
 * not look into. A single broker's settings are changed through that broker.
 */
import { isDynamicBrokerKey } from '../../config/dynamic.ts';
import { ConfigOperation } from '../../controller/alter-configs.ts';
import { refuseAlterConfigs } from '../../controller/refused-requests.ts';
import { ConfigResourceType } from '../../metadata/image.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { apis } from '../../wire/apis.ts';
import { ErrorCode } from '../../wire/errors.ts';
import {
  type AlterConfigsResource,
  type IncrementalAlterConfigsRequest,
  incrementalAlterConfigsRequest,
} from '../../wire/generated/incremental-alter-configs-request.ts';
import {
  type AlterConfigsResourceResponse,
  alterConfigsResourceResponse,
  incrementalAlterConfigsResponse,
} from '../../wire/generated/incremental-alter-configs-response.ts';
import type { BrokerServices } from '../broker-services.ts';

export function incrementalAlterConfigs(broker: BrokerServices) {
  return (context: RequestContext, request: IncrementalAlterConfigsRequest): void => {
    const refused: AlterConfigsResourceResponse[] = [];
    const passed: AlterConfigsResource[] = [];
    for (const resource of request.resources) {
      const problem = problemWith(broker, resource, request.resources);
      if (problem === null) passed.push(resource);
      else {
        const { resourceType, resourceName } = resource;
        const said = { errorCode: ErrorCode.INVALID_REQUEST, errorMessage: problem };
        refused.push(alterConfigsResourceResponse({ resourceType, resourceName, ...said }));
      }
    }
    if (passed.length === 0) {
      context.respond(incrementalAlterConfigsResponse({ responses: refused }));
      return;
    }
    const { validateOnly } = request;
    const forwarded = incrementalAlterConfigsRequest({ resources: passed, validateOnly });
    broker.forwarding.forward(apis.IncrementalAlterConfigs, context, forwarded, (response) => {
      const answered = response ?? refuseAlterConfigs(forwarded, ErrorCode.REQUEST_TIMED_OUT);
      const responses = [...refused, ...answered.responses];
      context.respond(incrementalAlterConfigsResponse({ responses }));
    });
  };
}

/** Why this broker refuses a resource of `all` without asking the controller; null: it does not. */
export function problemWith(
  broker: BrokerServices,
  resource: AlterConfigsResource,
  all: readonly AlterConfigsResource[],
): string | null {
  const { resourceType, resourceName } = resource;
  const same = all.filter(
    (one) => one.resourceType === resourceType && one.resourceName === resourceName,
  );
  if (same.length > 1) return 'Each resource must appear at most once.';
  const withoutValue = resource.configs.filter(
    (one) => one.configOperation !== ConfigOperation.DELETE && one.value === null,
  );
  if (withoutValue.length > 0) {
    return `Null value not supported for : ${withoutValue.map((one) => one.name).join(',')}`;
  }
  if (resourceType !== ConfigResourceType.BROKER) return null;
  if (resourceName !== '' && resourceName !== String(broker.brokerId)) {
    return `Unexpected broker id, expected ${broker.brokerId}, but received ${resourceName}`;
  }
  return brokerConfigProblem(broker, resource);
}

function brokerConfigProblem(
  broker: BrokerServices,
  { resourceName, configs }: AlterConfigsResource,
): string | null {
  const fixed = configs.filter((one) => !isDynamicBrokerKey(one.name)).map((one) => one.name);
  if (fixed.length > 0) return `Cannot update these configs dynamically: ${fixed.join(', ')}`;
  const wanted = new Map<string, string | null>();
  for (const { name, value, configOperation } of configs) {
    if (configOperation === ConfigOperation.SET) wanted.set(name, value);
    if (configOperation === ConfigOperation.DELETE) wanted.set(name, null);
  }
  return broker.dynamicConfigs.problemWith(wanted, { ofOneBroker: resourceName !== '' });
}
