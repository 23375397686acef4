/**
 * Which decisions of the quorum's leader a broker acts upon (KAFKA-6082; Kafka: KafkaRaftClient's
 * listeners): those that the quorum has committed. Before there was a quorum a controller that had
 * been deposed without knowing it still told brokers what to do, and they did it; the same comes
 * about where a broker acts upon what its leader has only written, and does not take it back. The
 * requests of that time that came late (StopReplica, KAFKA-9539; LeaderAndIsr of an earlier life,
 * KAFKA-7235) have no counterpart: nobody is told what to do, brokers read it, in order.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface MetadataPublicationRule {
  /** How far a broker acts that has fetched up to `logEndOffset`; both are exclusive. */
  actsUpTo(highWatermark: number, logEndOffset: number): number;
  /** Asked when what a broker has acted upon is to be cut off again. */
  mayCut(): boolean;
}

const COMMITTED: MetadataPublicationRule = {
  actsUpTo: (highWatermark) => highWatermark,
  mayCut: () => false,
};

function written(changed: Changed): MetadataPublicationRule {
  return {
    actsUpTo: (highWatermark, logEndOffset) => {
      if (highWatermark < logEndOffset) changed('__cluster_metadata-0');
      return logEndOffset;
    },
    mayCut: () => {
      changed('__cluster_metadata-0');
      return true;
    },
  };
}

export const metadataPublicationRules: OptionsOf<'metadata-publication', MetadataPublicationRule> =
  {
    committed: () => COMMITTED,
    written,
  };
