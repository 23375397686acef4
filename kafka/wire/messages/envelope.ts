/** Envelope, API key 58: a broker forwards a client's request to the controller (KIP-590). */
import { bytes, int16, request, response } from '../schema.ts';

export const envelopeRequest = request({
  key: 58,
  name: 'EnvelopeRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    requestData: bytes('0+'),
    requestPrincipal: bytes('0+', { nullable: '0+' }),
    clientHostAddress: bytes('0+'),
  },
});

export const envelopeResponse = response({
  key: 58,
  name: 'EnvelopeResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    responseData: bytes('0+', { nullable: '0+', default: null }),
    errorCode: int16('0+'),
  },
});
