/** SaslAuthenticate, API key 36: one exchange of the chosen SASL mechanism. */
import { bytes, int16, int64, request, response, string } from '../schema.ts';

export const saslAuthenticateRequest = request({
  key: 36,
  name: 'SaslAuthenticateRequest',
  versions: '0-2',
  flexible: '2+',
  fields: {
    authBytes: bytes('0+'),
  },
});

export const saslAuthenticateResponse = response({
  key: 36,
  name: 'SaslAuthenticateResponse',
  versions: '0-2',
  flexible: '2+',
  fields: {
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
    authBytes: bytes('0+'),
    sessionLifetimeMs: int64('1+', { default: 0, ignorable: true }),
  },
});
