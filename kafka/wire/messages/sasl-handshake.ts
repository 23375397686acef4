/** SaslHandshake, API key 17: chooses the SASL mechanism. */
import { int16, request, response, string, strings } from '../schema.ts';

export const saslHandshakeRequest = request({
  key: 17,
  name: 'SaslHandshakeRequest',
  versions: '0-1',
  flexible: 'none',
  fields: {
    mechanism: string('0+'),
  },
});

export const saslHandshakeResponse = response({
  key: 17,
  name: 'SaslHandshakeResponse',
  versions: '0-1',
  flexible: 'none',
  fields: {
    errorCode: int16('0+'),
    mechanisms: strings('0+'),
  },
});
