/** EndTxn, API key 26: commits or aborts a transaction (KIP-98, KIP-890). */
import { bool, int16, int32, int64, request, response, string } from '../schema.ts';

export const endTxnRequest = request({
  key: 26,
  name: 'EndTxnRequest',
  versions: '0-5',
  flexible: '3+',
  fields: {
    transactionalId: string('0+'),
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    committed: bool('0+'),
  },
});

export const endTxnResponse = response({
  key: 26,
  name: 'EndTxnResponse',
  versions: '0-5',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
    producerId: int64('5+', { default: -1, ignorable: true }),
    producerEpoch: int16('5+', { default: -1, ignorable: true }),
  },
});
