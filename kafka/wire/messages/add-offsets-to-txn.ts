/** AddOffsetsToTxn, API key 25: adds a group's offsets partition to a transaction (KIP-98). */
import { int16, int32, int64, request, response, string } from '../schema.ts';

export const addOffsetsToTxnRequest = request({
  key: 25,
  name: 'AddOffsetsToTxnRequest',
  versions: '0-4',
  flexible: '3+',
  fields: {
    transactionalId: string('0+'),
    producerId: int64('0+'),
    producerEpoch: int16('0+'),
    groupId: string('0+'),
  },
});

export const addOffsetsToTxnResponse = response({
  key: 25,
  name: 'AddOffsetsToTxnResponse',
  versions: '0-4',
  flexible: '3+',
  fields: {
    throttleTimeMs: int32('0+'),
    errorCode: int16('0+'),
  },
});
