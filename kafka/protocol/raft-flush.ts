/**
 * When a voter vouches for what it has of the metadata log (KAFKA-10533; Kafka: KafkaRaftClient):
 * when it is durable. Before, a fetch acknowledged what was in the page cache only, and the power
 * loss of one voter could leave a majority without a committed record.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface RaftFlushRule {
  /** Asked when records were appended: does the voter wait for their flush? */
  waits(): boolean;
}

const BEFORE_VOUCHING: RaftFlushRule = { waits: () => true };

function never(changed: Changed): RaftFlushRule {
  return {
    waits: () => {
      changed('__cluster_metadata-0');
      return false;
    },
  };
}

export const raftFlushRules: OptionsOf<'raft-flush', RaftFlushRule> = {
  'before-vouching': () => BEFORE_VOUCHING,
  never,
};
