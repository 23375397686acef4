/** DescribeClientQuotas, API key 48: which quotas were set for users and clients (KIP-546). */
import {
  bool,
  float64,
  int8,
  int16,
  int32,
  request,
  response,
  string,
  structs,
} from '../schema.ts';

export const describeClientQuotasRequest = request({
  key: 48,
  name: 'DescribeClientQuotasRequest',
  versions: '0-1',
  flexible: '1+',
  fields: {
    components: structs('0+', {
      of: 'ComponentData',
      fields: {
        entityType: string('0+'),
        matchType: int8('0+'),
        match: string('0+', { nullable: '0+' }),
      },
    }),
    strict: bool('0+'),
  },
});

export const describeClientQuotasResponse = response({
  key: 48,
  name: 'DescribeClientQuotasResponse',
  versions: '0-1',
  flexible: '1+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    entries: structs('0+', {
      of: 'EntryData',
      nullable: '0+',
      fields: {
        entity: structs('0+', {
          of: 'EntityData',
          fields: {
            entityType: string('0+'),
            entityName: string('0+', { nullable: '0+' }),
          },
        }),
        values: structs('0+', {
          of: 'ValueData',
          fields: {
            key: string('0+'),
            value: float64('0+'),
          },
        }),
      },
    }),
  },
});
