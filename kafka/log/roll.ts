/** When a log begins a new segment (Kafka: LogSegment.shouldRoll, timeWaitedForRoll). */
import type { LogConfig } from './log-config.ts';
import type { Segment } from './segment.ts';

export interface IncomingBatches {
  readonly sizeBytes: number;
  readonly maxTimestampMs: number;
  /** Inclusive. */
  readonly lastOffset: number;
}

export function isTimeToRoll(
  active: Segment,
  incoming: IncomingBatches,
  config: LogConfig,
  nowMs: number,
): boolean {
  return (
    active.sizeBytes > config.segmentBytes - incoming.sizeBytes ||
    (active.sizeBytes > 0 && hasWaited(active, incoming.maxTimestampMs, config, nowMs)) ||
    active.offsetIndex.isFull(config.segmentIndexBytes) ||
    active.timeIndex.isFull(config.segmentIndexBytes) ||
    !active.canHold(incoming.lastOffset)
  );
}

/** Time counts by the records' own timestamps; by the wall clock only when they have none. */
function hasWaited(
  active: Segment,
  incomingMaxTimestampMs: number,
  config: LogConfig,
  nowMs: number,
): boolean {
  const firstMs = active.firstBatchTimestampMs();
  const waitedMs = firstMs >= 0 ? incomingMaxTimestampMs - firstMs : nowMs - active.createdAtMs;
  return waitedMs > config.segmentMs - rollJitterMs(active.baseOffset, config);
}

/**
 * Spreads the rolls of logs that began together. Kafka draws it per segment; here it follows from
 * the base offset, so that it needs no random stream and survives a restart.
 */
function rollJitterMs(baseOffset: number, config: LogConfig): number {
  const maxJitterMs = Math.min(config.segmentJitterMs, config.segmentMs);
  if (maxJitterMs === 0) return 0;
  const mixed = Math.imul((baseOffset ^ (baseOffset / 65_536)) | 0, 0x9e3779b1) >>> 0;
  return mixed % maxJitterMs;
}
