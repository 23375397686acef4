/** Finding offsets by time in a log's segments (Kafka: UnifiedLog.fetchOffsetByTimestamp, KIP-734). */

import type { Codecs } from '../host.ts';
import { baseOffsetAt, lastOffsetAt, leaderEpochAt, maxTimestampAt } from '../records/batch.ts';
import { openBatch } from '../records/compression.ts';
import { decodeRecords } from '../records/iterate.ts';
import type { Segment } from './segment.ts';

export interface TimestampOffset {
  readonly offset: number;
  readonly timestampMs: number;
  /** -1 when unknown. */
  readonly leaderEpoch: number;
}

/** The first record at or above `startOffset` whose timestamp is at least `timestampMs`. */
export function findByTimestamp(
  segments: readonly Segment[],
  timestampMs: number,
  startOffset: number,
  codecs: Codecs,
): TimestampOffset | null {
  for (const segment of segments) {
    segment.ensureTimestamps();
    if (segment.maxTimestampMs < timestampMs) continue;
    const found = findInSegment(segment, timestampMs, startOffset, codecs);
    if (found !== null) return found;
  }
  return null;
}

function findInSegment(
  segment: Segment,
  timestampMs: number,
  startOffset: number,
  codecs: Codecs,
): TimestampOffset | null {
  const indexed = segment.timeIndex.lookup(timestampMs);
  const from = Math.max(indexed, startOffset - segment.baseOffset);
  let found: TimestampOffset | null = null;
  segment.scanWhole(segment.offsetIndex.lookup(from), (bytes, at) => {
    const possible =
      maxTimestampAt(bytes, at) >= timestampMs && lastOffsetAt(bytes, at) >= startOffset;
    if (possible) found = firstRecord(bytes, at, timestampMs, startOffset, codecs);
    return found !== null;
  });
  return found;
}

/** Of a batch whose records cannot be read its base offset stands for all of them. */
function firstRecord(
  bytes: Uint8Array,
  at: number,
  timestampMs: number,
  startOffset: number,
  codecs: Codecs,
): TimestampOffset | null {
  const leaderEpoch = leaderEpochAt(bytes, at);
  const opened = openBatch(bytes, at, codecs);
  if (opened === null) {
    const offset = Math.max(startOffset, baseOffsetAt(bytes, at));
    return { offset, timestampMs: maxTimestampAt(bytes, at), leaderEpoch };
  }
  for (const record of decodeRecords(opened, 0)) {
    if (record.timestampMs < timestampMs || record.offset < startOffset) continue;
    return { offset: record.offset, timestampMs: record.timestampMs, leaderEpoch };
  }
  return null;
}

/** The first record with the largest timestamp of the log; null when no record has one. */
export function findMaxTimestamp(
  segments: readonly Segment[],
  codecs: Codecs,
): TimestampOffset | null {
  let newest: Segment | null = null;
  for (const segment of segments) {
    segment.ensureTimestamps();
    if (segment.maxTimestampMs < 0) continue;
    if (newest === null || segment.maxTimestampMs > newest.maxTimestampMs) newest = segment;
  }
  if (newest === null) return null;
  const { maxTimestampMs, offsetOfMaxTimestamp } = newest;
  let found: TimestampOffset | null = null;
  const position = newest.positionOf(offsetOfMaxTimestamp);
  if (position < 0) return null;
  newest.scanWhole(position, (bytes, at) => {
    found = firstRecord(bytes, at, maxTimestampMs, 0, codecs);
    return true;
  });
  return found;
}
