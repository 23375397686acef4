/**
 * Which time a segment's age counts from (KIP-33, KAFKA-3163; Kafka: LogSegment.largestTimestamp):
 * the newest timestamp of its records. It used to be when the file was last written, by the clock
 * that the broker had then: a broker whose clock was behind, and was set right, deleted what had
 * just been written.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

/** Times are wall-clock ms. */
export interface AgedSegment {
  readonly lastModifiedMs: number;
  largestTimestampMs(): number;
}

export interface RetentionTimeRule {
  /** From when on a segment's retention.ms counts. */
  agesFromMs(partition: string, segment: AgedSegment): number;
}

const NEWEST_RECORD: RetentionTimeRule = {
  agesFromMs: (_partition, segment) => segment.largestTimestampMs(),
};

function lastWrite(changed: Changed): RetentionTimeRule {
  return {
    agesFromMs: (partition, segment) => {
      if (segment.lastModifiedMs !== segment.largestTimestampMs()) changed(partition);
      return segment.lastModifiedMs;
    },
  };
}

export const retentionTimeRules: OptionsOf<'retention-time', RetentionTimeRule> = {
  'newest-record': () => NEWEST_RECORD,
  'last-write': lastWrite,
};
