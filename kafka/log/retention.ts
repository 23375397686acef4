/**
 * Which of the oldest segments may go: a prefix of the log, wholly below the high watermark, that
 * lies below the log start offset, makes the log larger than retention.bytes, or has grown older
 * than retention.ms by its newest record (Kafka: UnifiedLog.deleteOldSegments, KAFKA-5634).
 */
import type { RetentionTimeRule } from '../protocol/retention-time.ts';
import type { Segment } from './segment.ts';

export interface RetentionView {
  readonly name: string;
  readonly segments: readonly Segment[];
  readonly logStartOffset: number;
  readonly highWatermark: number;
  readonly logEndOffset: number;
  readonly retentionMs: number;
  readonly retentionBytes: number;
  readonly nowMs: number;
  readonly rule: RetentionTimeRule;
}

/** How many segments to delete from the front, and the rule that asks for the last of them. */
export interface RetentionVerdict {
  readonly count: number;
  readonly why: 'log start offset' | 'retention.bytes' | 'retention.ms' | null;
}

export function deletableSegments(log: RetentionView): RetentionVerdict {
  const { segments } = log;
  let excessBytes =
    log.retentionBytes < 0 ? Number.NEGATIVE_INFINITY : totalBytes(segments) - log.retentionBytes;
  let why: RetentionVerdict['why'] = null;
  let count = 0;
  for (; count < segments.length; count++) {
    const segment = segments[count] as Segment;
    const next = segments[count + 1];
    if (log.highWatermark < (next?.baseOffset ?? log.logEndOffset)) break;
    if (next === undefined && segment.sizeBytes === 0) break;
    if (next !== undefined && next.baseOffset <= log.logStartOffset) why = 'log start offset';
    else if (excessBytes - segment.sizeBytes >= 0) why = 'retention.bytes';
    else if (isTooOld(segment, log)) why = 'retention.ms';
    else break;
    excessBytes -= segment.sizeBytes;
  }
  return { count, why: count === 0 ? null : why };
}

function isTooOld(segment: Segment, { name, retentionMs, nowMs, rule }: RetentionView): boolean {
  return retentionMs >= 0 && nowMs - rule.agesFromMs(name, segment) > retentionMs;
}

function totalBytes(segments: readonly Segment[]): number {
  let total = 0;
  for (const segment of segments) total += segment.sizeBytes;
  return total;
}
