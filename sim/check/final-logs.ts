/**
 * Reads a partition's log from the segment files of one broker, record by record, for the final
 * judgement. It uses the record format and nothing else of the broker's code.
 */
import {
  baseOffsetAt,
  baseSequenceAt,
  batchSizeAt,
  checkBatchFrame,
  isControlAt,
  lastOffsetAt,
  producerEpochAt,
  producerIdAt,
  validateBatch,
} from '../../kafka/records/batch.ts';
import { openBatch } from '../../kafka/records/compression.ts';
import { forEachRecord, type LogRecord } from '../../kafka/records/iterate.ts';
import { simCodecs } from '../process/codecs.ts';
import type { FinalPartition } from './final-state.ts';
import { Column } from './history/column.ts';
import type { ClientHistory } from './history/history.ts';
import type { DiskView } from './replica-logs.ts';

export interface FinalReplica {
  readonly node: string;
  readonly partition: string;
  readonly highWatermark: number;
  /** Records below it are left out. */
  readonly logStartOffset: number;
}

export function readFinalPartition(
  disks: DiskView,
  history: ClientHistory,
  replica: FinalReplica,
): FinalPartition {
  const { node, partition, highWatermark, logStartOffset } = replica;
  const records = new Column();
  const offsets = new Column();
  const producerIds = new Column();
  const producerEpochs = new Column();
  const batchOffsets = new Column();
  const baseSequences = new Column(1024, Int32Array);
  for (const path of segmentPaths(disks, node, partition)) {
    const bytes = disks.contents(node, path);
    let at = 0;
    while (checkBatchFrame(bytes, at, bytes.length) === null) {
      const end = at + batchSizeAt(bytes, at);
      const readable = validateBatch(bytes, at, end) === null && !isControlAt(bytes, at);
      if (readable && lastOffsetAt(bytes, at) >= logStartOffset) {
        const producerId = producerIdAt(bytes, at);
        const producerEpoch = producerEpochAt(bytes, at);
        const batchOffset = baseOffsetAt(bytes, at);
        const baseSequence = baseSequenceAt(bytes, at);
        const note = (record: LogRecord): void => {
          records.push(history.recordIdOf(record));
          offsets.push(record.offset);
          producerIds.push(producerId);
          producerEpochs.push(producerEpoch);
          batchOffsets.push(batchOffset);
          baseSequences.push(baseSequence);
        };
        const opened = openBatch(bytes, at, simCodecs);
        if (opened !== null) forEachRecord(opened, 0, note);
      }
      at = end;
    }
  }
  const ofBatches = { producerIds, producerEpochs, batchOffsets, baseSequences };
  const columns = { records, offsets, ...ofBatches };
  return { partition, node, logStartOffset, highWatermark, ...columns };
}

/** Every record of a final log that can be read, in order; only those below the high watermark. */
export function readFinalRecords(
  disks: DiskView,
  replica: Pick<FinalReplica, 'node' | 'partition' | 'highWatermark'>,
): LogRecord[] {
  const { node, partition, highWatermark } = replica;
  const records: LogRecord[] = [];
  for (const path of segmentPaths(disks, node, partition)) {
    const bytes = disks.contents(node, path);
    let at = 0;
    while (checkBatchFrame(bytes, at, bytes.length) === null) {
      const end = at + batchSizeAt(bytes, at);
      const readable = validateBatch(bytes, at, end) === null && !isControlAt(bytes, at);
      const opened = readable ? openBatch(bytes, at, simCodecs) : null;
      if (opened !== null) forEachRecord(opened, 0, (record) => records.push(record));
      at = end;
    }
  }
  return records.filter(({ offset }) => offset < highWatermark);
}

function segmentPaths(disks: DiskView, node: string, partition: string): string[] {
  const inPartition = new RegExp(`/${partition.replaceAll('.', '\\.')}/\\d{20}\\.log$`);
  return disks
    .paths(node)
    .filter((path) => inPartition.test(path))
    .sort();
}
