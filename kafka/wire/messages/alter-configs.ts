/** AlterConfigs, API key 33: replaces all settings of topics and brokers (before KIP-339). */
import { bool, int8, int16, int32, request, response, string, structs } from '../schema.ts';

export const alterConfigsRequest = request({
  key: 33,
  name: 'AlterConfigsRequest',
  versions: '0-2',
  flexible: '2+',
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
            value: string('0+', { nullable: '0+' }),
          },
        }),
      },
    }),
    validateOnly: bool('0+'),
  },
});

export const alterConfigsResponse = response({
  key: 33,
  name: 'AlterConfigsResponse',
  versions: '0-2',
  flexible: '2+',
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
