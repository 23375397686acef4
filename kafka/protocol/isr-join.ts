/**
 * How far a follower must be to join the ISR (KAFKA-7128; Kafka: Partition.isFollowerInSync): up
 * to the high watermark and into the leader's epoch. A fresh leader's own high watermark may be
 * behind the true one, so that alone it is not enough.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface IsrJoinRule {
  /** Asked of a follower that has all below the leader's high watermark. */
  mayJoin(partition: string, logEndOffset: number, epochStartOffset: number): boolean;
}

const FROM_EPOCH_START: IsrJoinRule = {
  mayJoin: (_partition, logEndOffset, epochStartOffset) => logEndOffset >= epochStartOffset,
};

function fromHighWatermark(changed: Changed): IsrJoinRule {
  return {
    mayJoin: (partition, logEndOffset, epochStartOffset) => {
      if (logEndOffset < epochStartOffset) changed(partition);
      return true;
    },
  };
}

export const isrJoinRules: OptionsOf<'isr-join', IsrJoinRule> = {
  'from-epoch-start': () => FROM_EPOCH_START,
  'from-high-watermark': fromHighWatermark,
};
