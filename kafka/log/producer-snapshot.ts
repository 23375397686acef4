/**
 * Producer snapshot files: the producers of a log as they were below the offset in the file's
 * name, with a checksum (Kafka: ProducerStateManager.writeSnapshot, readSnapshot). They save
 * recovery from reading the whole log; a file that does not check out is as good as none.
 */
import { crc32c } from '../base/crc32c.ts';
import { Reader } from '../base/reader.ts';
import { SMALL_SLAB_BYTES, Writer } from '../base/writer.ts';
import { int32At, NO_SEQUENCE, putInt32 } from '../records/batch.ts';
import {
  decodeProducerSnapshot,
  encodeProducerSnapshot,
  producerEntry,
} from '../wire/generated/producer-snapshot.ts';
import { ProducerState } from './producer-state.ts';

const VERSION = 1;
const CRC_AT = 2;
const ENTRIES_AT = 6;
const ENTRY_BYTES = 46;

export function encodeSnapshot(producers: Iterable<ProducerState>): Uint8Array {
  const writer = new Writer(SMALL_SLAB_BYTES);
  const producerEntries = [];
  for (const producer of producers) {
    producerEntries.push(
      producerEntry({
        producerId: producer.producerId,
        epoch: producer.producerEpoch,
        lastSequence: producer.lastSequence,
        lastOffset: producer.lastOffset,
        offsetDelta: producer.lastOffsetDelta,
        timestamp: producer.lastTimestampMs,
        coordinatorEpoch: producer.coordinatorEpoch,
        currentTxnFirstOffset: producer.currentTxnFirstOffset,
      }),
    );
  }
  writer.begin();
  writer.int16(VERSION);
  encodeProducerSnapshot(writer, { crc: 0, producerEntries }, VERSION);
  const bytes = writer.finish();
  putInt32(bytes, CRC_AT, crc32c(bytes, ENTRIES_AT, bytes.length));
  return bytes;
}

/** Null when the bytes are not a whole, intact snapshot. */
export function decodeSnapshot(bytes: Uint8Array): ProducerState[] | null {
  if (bytes.length < ENTRIES_AT + 4) return null;
  if (bytes[0] !== 0 || bytes[1] !== VERSION) return null;
  if (int32At(bytes, CRC_AT) >>> 0 !== crc32c(bytes, ENTRIES_AT, bytes.length)) return null;
  // Checked before decoding, so that the decoder cannot find anything to throw about.
  if (ENTRIES_AT + 4 + int32At(bytes, ENTRIES_AT) * ENTRY_BYTES !== bytes.length) return null;
  const snapshot = decodeProducerSnapshot(new Reader(bytes, 2), VERSION);
  return snapshot.producerEntries.map((entry) => {
    const producer = new ProducerState(entry.producerId);
    producer.producerEpoch = entry.epoch;
    producer.coordinatorEpoch = entry.coordinatorEpoch;
    producer.lastTimestampMs = entry.timestamp;
    producer.currentTxnFirstOffset = entry.currentTxnFirstOffset;
    if (entry.lastSequence !== NO_SEQUENCE) {
      producer.cache(entry.lastSequence, entry.offsetDelta, entry.lastOffset, entry.timestamp);
    }
    return producer;
  });
}
