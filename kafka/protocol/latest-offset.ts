/**
 * Whether a leader tells a client the latest offset while its own high watermark is behind the
 * start of its epoch (KIP-207; Kafka: Partition.fetchOffsetForTimestamp): it does not know then
 * how much earlier leaders had committed, and what it told went back.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface LatestOffsetRule {
  /** Asked while the high watermark lags. */
  tellsLagging(partition: string): boolean;
}

const WHEN_KNOWN: LatestOffsetRule = { tellsLagging: () => false };

function atOnce(changed: Changed): LatestOffsetRule {
  return {
    tellsLagging: (partition) => {
      changed(partition);
      return true;
    },
  };
}

export const latestOffsetRules: OptionsOf<'latest-offset', LatestOffsetRule> = {
  'when-known': () => WHEN_KNOWN,
  'at-once': atOnce,
};
