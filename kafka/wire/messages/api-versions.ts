/**
 * ApiVersions, API key 18: the handshake: which APIs in which versions (KIP-35, KIP-584
 * features).
 */
import { bool, int16, int32, int64, request, response, string, structs } from '../schema.ts';

export const apiVersionsRequest = request({
  key: 18,
  name: 'ApiVersionsRequest',
  versions: '0-4',
  flexible: '3+',
  fields: {
    clientSoftwareName: string('3+', { ignorable: true }),
    clientSoftwareVersion: string('3+', { ignorable: true }),
  },
});

export const apiVersionsResponse = response({
  key: 18,
  name: 'ApiVersionsResponse',
  versions: '0-4',
  flexible: '3+',
  fields: {
    errorCode: int16('0+'),
    apiKeys: structs('0+', {
      of: 'ApiVersion',
      fields: {
        apiKey: int16('0+', { mapKey: true }),
        minVersion: int16('0+'),
        maxVersion: int16('0+'),
      },
    }),
    throttleTimeMs: int32('1+', { ignorable: true }),
    supportedFeatures: structs('3+', {
      of: 'SupportedFeatureKey',
      ignorable: true,
      tag: 0,
      fields: {
        name: string('3+', { mapKey: true }),
        minVersion: int16('3+'),
        maxVersion: int16('3+'),
      },
    }),
    finalizedFeaturesEpoch: int64('3+', {
      default: -1,
      ignorable: true,
      tag: 1,
    }),
    finalizedFeatures: structs('3+', {
      of: 'FinalizedFeatureKey',
      ignorable: true,
      tag: 2,
      fields: {
        name: string('3+', { mapKey: true }),
        maxVersionLevel: int16('3+'),
        minVersionLevel: int16('3+'),
      },
    }),
    zkMigrationReady: bool('3+', { default: false, ignorable: true, tag: 3 }),
  },
});
