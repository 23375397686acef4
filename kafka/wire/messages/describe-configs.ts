/** DescribeConfigs, API key 32: the settings of topics and brokers, with their sources. */
import {
  bool,
  int8,
  int16,
  int32,
  request,
  response,
  string,
  strings,
  structs,
} from '../schema.ts';

export const describeConfigsRequest = request({
  key: 32,
  name: 'DescribeConfigsRequest',
  versions: '0-4',
  flexible: '4+',
  fields: {
    resources: structs('0+', {
      of: 'DescribeConfigsResource',
      fields: {
        resourceType: int8('0+'),
        resourceName: string('0+'),
        configurationKeys: strings('0+', { nullable: '0+' }),
      },
    }),
    includeSynonyms: bool('1+', { default: false }),
    includeDocumentation: bool('3+', { default: false }),
  },
});

export const describeConfigsResponse = response({
  key: 32,
  name: 'DescribeConfigsResponse',
  versions: '0-4',
  flexible: '4+',
  fields: {
    throttleTimeMs: int32('0+'),
    results: structs('0+', {
      of: 'DescribeConfigsResult',
      fields: {
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' }),
        resourceType: int8('0+'),
        resourceName: string('0+'),
        configs: structs('0+', {
          of: 'DescribeConfigsResourceResult',
          fields: {
            name: string('0+'),
            value: string('0+', { nullable: '0+' }),
            readOnly: bool('0+'),
            isDefault: bool('0'),
            configSource: int8('1+', { default: -1, ignorable: true }),
            isSensitive: bool('0+'),
            synonyms: structs('1+', {
              of: 'DescribeConfigsSynonym',
              ignorable: true,
              fields: {
                name: string('1+'),
                value: string('1+', { nullable: '0+' }),
                source: int8('1+'),
              },
            }),
            configType: int8('3+', { default: 0, ignorable: true }),
            documentation: string('3+', { nullable: '0+', ignorable: true }),
          },
        }),
      },
    }),
  },
});
