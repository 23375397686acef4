/**
 * Where a remembered batch begins whose sequence numbers pass from 2^31 - 1 to 0 (KAFKA-7692;
 * Kafka: BatchMetadata.firstOffset): as many offsets before its last as it has records. It used to
 * be as many as its last sequence is above its first, and a producer that repeated such a batch
 * was told an offset that its log does not have.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

/** A batch that came again; its sequences have wrapped. */
export interface WrappedBatch {
  readonly firstSequence: number;
  readonly lastSequence: number;
  readonly baseOffset: number;
  readonly lastOffset: number;
}

export interface SequenceWrapRule {
  /** The first offset that the producer is told. */
  baseOffset(partition: string, batch: WrappedBatch): number;
}

const BY_RECORDS: SequenceWrapRule = { baseOffset: (_partition, batch) => batch.baseOffset };

function bySequences(changed: Changed): SequenceWrapRule {
  return {
    baseOffset: (partition, { firstSequence, lastSequence, lastOffset }) => {
      changed(partition);
      return lastOffset - (lastSequence - firstSequence);
    },
  };
}

export const sequenceWrapRules: OptionsOf<'sequence-wrap', SequenceWrapRule> = {
  'by-records': () => BY_RECORDS,
  'by-sequences': bySequences,
};
