/**
 * Reads a partition's log from the segment files of one broker, record by record, for the final
 * judgement. It uses the record format and nothing else of the broker's code.
 */
import {
  baseOffsetAt,
  batchSizeAt,
  isControlAt,
  lastOffsetAt,
  RECORD_BATCH_HEADER_BYTES,
} from '../../kafka/records/batch.ts';
import { forEachRecord } from '../../kafka/records/iterate.ts';
import type { FinalPartition } from './final-state.ts';
import { type ClientHistory, Column } from './history/history.ts';
import type { DiskView } from './replica-logs.ts';

export interface FinalLeader {
  readonly node: string;
  readonly partition: string;
  /** Records at or above it are not committed and are left out. */
  readonly highWatermark: number;
  readonly logStartOffset: number;
}

export function readFinalPartition(
  disks: DiskView,
  history: ClientHistory,
  leader: FinalLeader,
): FinalPartition {
  const records = new Column();
  const offsets = new Column();
  for (const path of segmentPaths(disks, leader)) {
    const bytes = disks.contents(leader.node, path);
    let at = 0;
    while (at + RECORD_BATCH_HEADER_BYTES <= bytes.length) {
      const size = batchSizeAt(bytes, at);
      if (size < RECORD_BATCH_HEADER_BYTES || at + size > bytes.length) break;
      const inRange =
        baseOffsetAt(bytes, at) < leader.highWatermark &&
        lastOffsetAt(bytes, at) >= leader.logStartOffset;
      if (inRange && !isControlAt(bytes, at)) {
        forEachRecord(bytes, at, (record) => {
          records.push(history.recordId(record.value));
          offsets.push(record.offset);
        });
      }
      at += size;
    }
  }
  return {
    partition: leader.partition,
    leader: leader.node,
    logStartOffset: leader.logStartOffset,
    highWatermark: leader.highWatermark,
    records,
    offsets,
  };
}

function segmentPaths(disks: DiskView, leader: FinalLeader): string[] {
  const inPartition = new RegExp(`/${leader.partition.replaceAll('.', '\\.')}/\\d{20}\\.log$`);
  return disks
    .paths(leader.node)
    .filter((path) => inPartition.test(path))
    .sort();
}
