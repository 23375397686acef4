/** A producer snapshot file: the idempotence state of a log at an offset. */
import { data, int16, int32, int64, structs, uint32 } from '../schema.ts';

export const producerSnapshot = data({
  name: 'ProducerSnapshot',
  versions: '1',
  flexible: 'none',
  fields: {
    crc: uint32('1'),
    producerEntries: structs('1', {
      of: 'ProducerEntry',
      fields: {
        producerId: int64('1'),
        epoch: int16('1'),
        lastSequence: int32('1'),
        lastOffset: int64('1'),
        offsetDelta: int32('1'),
        timestamp: int64('1'),
        coordinatorEpoch: int32('1'),
        currentTxnFirstOffset: int64('1'),
      },
    }),
  },
});
