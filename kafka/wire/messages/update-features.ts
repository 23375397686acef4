/** UpdateFeatures, API key 57: raises or lowers finalized feature levels (KIP-584). */
import { bool, int8, int16, int32, request, response, string, structs } from '../schema.ts';

export const updateFeaturesRequest = request({
  key: 57,
  name: 'UpdateFeaturesRequest',
  versions: '0-2',
  flexible: '0+',
  fields: {
    timeoutMs: int32('0+', { default: 60000 }),
    featureUpdates: structs('0+', {
      of: 'FeatureUpdateKey',
      fields: {
        feature: string('0+', { mapKey: true }),
        maxVersionLevel: int16('0+'),
        allowDowngrade: bool('0'),
        upgradeType: int8('1+', { default: 1 }),
      },
    }),
    validateOnly: bool('1+', { default: false }),
  },
});

export const updateFeaturesResponse = response({
  key: 57,
  name: 'UpdateFeaturesResponse',
  versions: '0-2',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    results: structs('0-1', {
      of: 'UpdatableFeatureResult',
      ignorable: true,
      fields: {
        feature: string('0+', { mapKey: true }),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' }),
      },
    }),
  },
});
