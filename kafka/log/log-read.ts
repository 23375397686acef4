/** Reading whole batches out of a log's segments (Kafka: LocalLog.read, LogSegment.read). */
import { ErrorCode } from '../wire/errors.ts';
import { ROTTEN } from './batch-scan.ts';
import type { Segment } from './segment.ts';
import type { SegmentList } from './segment-list.ts';

/** Up to where a reader may see: followers the log end, consumers the high watermark or less. */
export type ReadIsolation = 'log_end' | 'high_watermark' | 'txn_committed';

export interface LogRead {
  /** NONE, OFFSET_OUT_OF_RANGE, CORRUPT_MESSAGE or KAFKA_STORAGE_ERROR. */
  readonly error: ErrorCode;
  /** Whole batches, the first being the one that contains the offset; may be empty. */
  readonly records: Uint8Array;
  /** Base offset of the segment read from; -1 when nothing was. */
  readonly segmentBaseOffset: number;
}

const NO_RECORDS: Uint8Array = new Uint8Array(0);
const NOTHING: LogRead = { error: ErrorCode.NONE, records: NO_RECORDS, segmentBaseOffset: -1 };

export function refusedRead(error: ErrorCode): LogRead {
  return { error, records: NO_RECORDS, segmentBaseOffset: -1 };
}

/** Reads from the first segment that has a batch for `startOffset`; see `Log.read`. */
export function readSegments(
  segments: SegmentList,
  startOffset: number,
  endOffset: number,
  maxBytes: number,
  minOneBatch: boolean,
): LogRead {
  if (startOffset >= endOffset) return NOTHING;
  for (let slot = segments.floorSlot(startOffset); ; slot++) {
    const segment = segments.at(slot);
    if (segment === undefined || segment.baseOffset >= endOffset) return NOTHING;
    const position = segment.positionOf(startOffset);
    if (position === ROTTEN) return refusedRead(ErrorCode.CORRUPT_MESSAGE);
    if (position < 0) continue;
    const endPosition = endPositionIn(segment, segments.at(slot + 1), endOffset);
    if (endPosition <= position) return NOTHING;
    const records = segment.readBatches(position, endPosition, maxBytes, minOneBatch);
    if (records === null) return refusedRead(ErrorCode.CORRUPT_MESSAGE);
    return { error: ErrorCode.NONE, records, segmentBaseOffset: segment.baseOffset };
  }
}

/** The position of the first batch that reaches to `endOffset` or beyond it. */
function endPositionIn(segment: Segment, next: Segment | undefined, endOffset: number): number {
  if (next !== undefined && next.baseOffset <= endOffset) return segment.sizeBytes;
  const position = segment.positionOf(endOffset);
  return position < 0 ? segment.sizeBytes : position;
}

/** See `Log.readableBytes`. */
export function bytesBetween(
  segments: SegmentList,
  startOffset: number,
  endOffset: number,
): number {
  const slot = segments.floorSlot(startOffset);
  if (slot !== segments.floorSlot(endOffset)) return Number.POSITIVE_INFINITY;
  const segment = segments.at(slot) as Segment;
  const position = segment.positionOf(startOffset);
  if (position < 0) return Number.POSITIVE_INFINITY;
  return Math.max(0, endPositionIn(segment, undefined, endOffset) - position);
}
