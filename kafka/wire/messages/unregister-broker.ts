/** UnregisterBroker, API key 64: forgets a broker (KIP-631). */
import { int16, int32, request, response, string } from '../schema.ts';

export const unregisterBrokerRequest = request({
  key: 64,
  name: 'UnregisterBrokerRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    brokerId: int32('0+'),
  },
});

export const unregisterBrokerResponse = response({
  key: 64,
  name: 'UnregisterBrokerResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    errorMessage: string('0+', { nullable: '0+' }),
  },
});
