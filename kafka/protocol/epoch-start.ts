/**
 * When a new leader notes where its epoch begins (Kafka: Partition.makeLeader, KAFKA-7415): at
 * once, so that it can answer for every epoch that a follower may have. It used to note it with
 * its first write; until then it did not know a follower's newer epoch, and a follower that got
 * no answer fell back to its own high watermark.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface EpochStartLog {
  readonly name: string;
  readonly logEndOffset: number;
  readonly highWatermark: number;
  assignEpochStart(epoch: number, startOffset: number): void;
  truncateTo(endOffset: number): void;
}

export interface EpochStartRule {
  /** A broker begins to lead. */
  begin(log: EpochStartLog, epoch: number, startOffset: number): void;
  /**
   * A follower whose epoch its leader does not know, and whose offsets the leader has.
   * @returns whether it goes on asking about epochs.
   */
  withoutAnswer(log: EpochStartLog): boolean;
}

const AT_ELECTION: EpochStartRule = {
  begin: (log, epoch, startOffset) => log.assignEpochStart(epoch, startOffset),
  withoutAnswer: () => true,
};

function withFirstWrite(changed: Changed): EpochStartRule {
  return {
    begin: (log) => changed(log.name),
    withoutAnswer: (log) => {
      changed(log.name);
      log.truncateTo(log.highWatermark);
      return false;
    },
  };
}

export const epochStartRules: OptionsOf<'epoch-start', EpochStartRule> = {
  'at-election': () => AT_ELECTION,
  'with-first-write': withFirstWrite,
};
