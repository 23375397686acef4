/**
 * What max.in.flight.requests.per.connection=1 holds back in a producer (KAFKA-3197; Kafka:
 * RecordAccumulator.mutePartition). Today also the partitions of a batch that is out. It used to
 * be the connection alone: while one leader did not answer, the next batch went to another that
 * had been elected meanwhile, and what was sent again came behind it.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface OneInFlightRule {
  /** Whether a partition waits for its batch that is out. */
  readonly mutes: boolean;
  /** Told when a batch goes out while another one of its partition is out. */
  overtakes(partition: string): void;
}

const OF_A_PARTITION: OneInFlightRule = { mutes: true, overtakes: () => undefined };

export const oneInFlightRules: OptionsOf<'one-in-flight', OneInFlightRule> = {
  'of-a-partition': () => OF_A_PARTITION,
  'of-a-connection': (changed: Changed) => ({ mutes: false, overtakes: changed }),
};
