/** AlterUserScramCredentials, API key 51: makes and removes SCRAM credentials (KIP-554). */
import { bytes, int8, int16, int32, request, response, string, structs } from '../schema.ts';

export const alterUserScramCredentialsRequest = request({
  key: 51,
  name: 'AlterUserScramCredentialsRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    deletions: structs('0+', {
      of: 'ScramCredentialDeletion',
      fields: {
        name: string('0+'),
        mechanism: int8('0+'),
      },
    }),
    upsertions: structs('0+', {
      of: 'ScramCredentialUpsertion',
      fields: {
        name: string('0+'),
        mechanism: int8('0+'),
        iterations: int32('0+'),
        salt: bytes('0+'),
        saltedPassword: bytes('0+'),
      },
    }),
  },
});

export const alterUserScramCredentialsResponse = response({
  key: 51,
  name: 'AlterUserScramCredentialsResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    results: structs('0+', {
      of: 'AlterUserScramCredentialsResult',
      fields: {
        user: string('0+'),
        errorCode: int16('0+'),
        errorMessage: string('0+', { nullable: '0+' }),
      },
    }),
  },
});
