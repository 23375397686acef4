/** AllocateProducerIds, API key 67: a broker takes a block of producer ids (KIP-730). */
import { int16, int32, int64, request, response } from '../schema.ts';

export const allocateProducerIdsRequest = request({
  key: 67,
  name: 'AllocateProducerIdsRequest',
  versions: '0',
  flexible: '0+',
  fields: {
    brokerId: int32('0+'),
    brokerEpoch: int64('0+', { default: -1 }),
  },
});

export const allocateProducerIdsResponse = response({
  key: 67,
  name: 'AllocateProducerIdsResponse',
  versions: '0',
  flexible: '0+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    producerIdStart: int64('0+'),
    producerIdLen: int32('0+'),
  },
});
