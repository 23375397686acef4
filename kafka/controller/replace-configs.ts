/**
 * AlterConfigs, the older way to change settings (Kafka:
 * ConfigurationControlManager.legacyAlterConfigs): what a request names is set, everything else of
 * the resource is deleted. It becomes an incremental change that says the same.
 */
import { configKey, type MetadataImage } from '../metadata/image.ts';
import type { AlterConfigsRequest } from '../wire/generated/alter-configs-request.ts';
import {
  type AlterConfigsResponse,
  alterConfigsResourceResponse,
  alterConfigsResponse,
} from '../wire/generated/alter-configs-response.ts';
import {
  type IncrementalAlterConfigsRequest,
  incrementalAlterConfigsRequest,
} from '../wire/generated/incremental-alter-configs-request.ts';
import type { IncrementalAlterConfigsResponse } from '../wire/generated/incremental-alter-configs-response.ts';
import { alterConfigs, ConfigOperation, type ConfigParts } from './alter-configs.ts';
import type { ControllerResult } from './controller-result.ts';

export function replaceConfigs(
  parts: ConfigParts,
  request: AlterConfigsRequest,
): ControllerResult<AlterConfigsResponse> {
  const result = alterConfigs(parts, incremental(parts.image, request));
  return { ...result, response: toReplaced(result.response) };
}

/** The incremental change that leaves just what `request` names. */
export function incremental(
  image: MetadataImage,
  { resources, validateOnly }: AlterConfigsRequest,
): IncrementalAlterConfigsRequest {
  return incrementalAlterConfigsRequest({
    validateOnly,
    resources: resources.map(({ resourceType, resourceName, configs }) => {
      const present = image.configs.get(configKey(resourceType, resourceName)) ?? new Map();
      const named = new Set(configs.map((one) => one.name));
      const gone = [...present.keys()].filter((name) => !named.has(name));
      return {
        resourceType,
        resourceName,
        configs: [
          ...configs.map((one) => ({ ...one, configOperation: ConfigOperation.SET })),
          ...gone.map((name) => ({ name, configOperation: ConfigOperation.DELETE, value: null })),
        ],
      };
    }),
  });
}

export function toReplaced({ responses }: IncrementalAlterConfigsResponse): AlterConfigsResponse {
  return alterConfigsResponse({
    responses: responses.map(({ errorCode, errorMessage, resourceType, resourceName }) =>
      alterConfigsResourceResponse({ errorCode, errorMessage, resourceType, resourceName }),
    ),
  });
}
