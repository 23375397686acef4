/**
 * IncrementalAlterConfigs, API key 44: sets, deletes, appends or subtracts single settings
 * (KIP-339).
 */
import { bool, int8, int16, int32, request, response, string, structs } from '../schema.ts';

export const incrementalAlterConfigsRequest = request({
  key: 44,
  name: 'IncrementalAlterConfigsRequest',
  versions: '0-1',
  flexible: '1+',
  fields: {
    resources: structs('0+', {
      of: 'AlterConfigsResource',
      fields: {
        resourceType: int8('0+', { mapKey: true }),
        resourceName: string('0+', { mapKey: true }),
        configs: structs('0+', {
          of: 'AlterableConfig',
          fields: {
            name: string('0+', { mapKey: true }),
            configOperation: int8('0+', { mapKey: true }),
            value: string('0+', { nullable: '0+' }),
          },
        }),
      },
    }),
    validateOnly: bool('0+'),
  },
});

export const incrementalAlterConfigsResponse = response({
  key: 44,
  name: 'IncrementalAlterConfigsResponse',
  versions: '0-1',
  flexible: '1+',
  fields: {
    throttleTimeMs: int32('0+'),
    responses: structs('0+', {
      of: 'AlterConfigsResourceResponse',
      fields: {
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' }),
        resourceType: int8('0+'),
        resourceName: string('0+'),
      },
    }),
  },
});
