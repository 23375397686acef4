/**
 * ApiVersions (key 18): what this broker serves and which features the cluster has (KIP-35,
 * KIP-511, KIP-584). Only implemented APIs are listed: clients switch on what they see.
 */
import { supportedFeatures } from '../../metadata/features.ts';
import type { RequestContext } from '../../rpc/request-server.ts';
import { ErrorCode } from '../../wire/errors.ts';
import type { ApiVersionsRequest } from '../../wire/generated/api-versions-request.ts';
import {
  apiVersion,
  apiVersionsResponse,
  finalizedFeatureKey,
  supportedFeatureKey,
} from '../../wire/generated/api-versions-response.ts';
import type { BrokerServices } from '../broker-services.ts';

const SOFTWARE_TEXT = /^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$/;
/** KIP-584's tags and the client's software name come with version 3. */
const FIRST_WITH_SOFTWARE = 3;
/** Older clients refuse features whose lowest version is 0. */
const FIRST_WITH_ZERO_MINIMUM = 4;

export function apiVersions(broker: BrokerServices) {
  return (context: RequestContext, request: ApiVersionsRequest): void => {
    const { clientSoftwareName, clientSoftwareVersion } = request;
    const named =
      context.apiVersion < FIRST_WITH_SOFTWARE ||
      (SOFTWARE_TEXT.test(clientSoftwareName) && SOFTWARE_TEXT.test(clientSoftwareVersion));
    if (!named) {
      context.respond(apiVersionsResponse({ errorCode: ErrorCode.INVALID_REQUEST }));
      return;
    }
    const { image } = broker.metadata;
    const listed = supportedFeatures.filter(
      (one) => context.apiVersion >= FIRST_WITH_ZERO_MINIMUM || one.minSupportedVersion > 0,
    );
    context.respond(
      apiVersionsResponse({
        apiKeys: broker.server.advertised().map((one) => apiVersion(one)),
        supportedFeatures: listed.map((one) =>
          supportedFeatureKey({
            name: one.name,
            minVersion: one.minSupportedVersion,
            maxVersion: one.maxSupportedVersion,
          }),
        ),
        finalizedFeaturesEpoch: image.offset,
        finalizedFeatures: [...image.features].map(([name, level]) =>
          finalizedFeatureKey({ name, minVersionLevel: level, maxVersionLevel: level }),
        ),
      }),
    );
    context.connection.sasl?.versionsTold();
  };
}
