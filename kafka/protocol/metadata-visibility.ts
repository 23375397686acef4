/**
 * Which part of the metadata log brokers act on (KIP-595; Kafka: KafkaRaftClient): what a majority
 * of the voters has. The alternative shows them what the leader has only written: the decision of
 * a deposed controller takes effect, as a controller's of ZooKeeper days did (KAFKA-6082).
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface MetadataVisibilityRule {
  /** Whether brokers are told of records that are written and not committed. */
  readonly showsUncommitted: boolean;
  /** What a leader tells a broker is committed. */
  told(highWatermark: number, logEndOffset: number): number;
}

const COMMITTED: MetadataVisibilityRule = {
  showsUncommitted: false,
  told: (highWatermark) => highWatermark,
};

function asWritten(changed: Changed): MetadataVisibilityRule {
  return {
    showsUncommitted: true,
    told: (highWatermark, logEndOffset) => {
      if (highWatermark < logEndOffset) changed('__cluster_metadata-0');
      return logEndOffset;
    },
  };
}

export const metadataVisibilityRules: OptionsOf<'metadata-visibility', MetadataVisibilityRule> = {
  committed: () => COMMITTED,
  'as-written': asWritten,
};
