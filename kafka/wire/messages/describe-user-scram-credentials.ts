/** DescribeUserScramCredentials, API key 50: which users have SCRAM credentials (KIP-554). */
import { int8, int16, int32, request, response, string, structs } from '../schema.ts';

export const describeUserScramCredentialsRequest = request({
  key: 50,
  name: 'DescribeUserScramCredentialsRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    users: structs('0+', {
      of: 'UserName',
      nullable: '0+',
      fields: {
        name: string('0+'),
      },
    }),
  },
});

export const describeUserScramCredentialsResponse = response({
  key: 50,
  name: 'DescribeUserScramCredentialsResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    results: structs('0+', {
      of: 'DescribeUserScramCredentialsResult',
      fields: {
        user: string('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' }),
        credentialInfos: structs('0+', {
          of: 'CredentialInfo',
          fields: {
            mechanism: int8('0+'),
            iterations: int32('0+'),
          },
        }),
      },
    }),
  },
});
