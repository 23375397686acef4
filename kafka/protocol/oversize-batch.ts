/**
 * What a fetch brings whose first batch is larger than its limits (KIP-74; Kafka:
 * LogSegment.read with minOneMessage): that batch, whole. Before, it brought nothing, and a
 * follower with replica.fetch.max.bytes below a batch's size never got past it.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface OversizeBatchRule {
  /** Asked of the first partition of a fetch that has something to read. */
  readonly bringsOne: boolean;
  /** A fetch brought nothing though there was something. */
  nothing(partition: string): void;
}

const ONE_WHOLE: OversizeBatchRule = { bringsOne: true, nothing: () => undefined };

export const oversizeBatchRules: OptionsOf<'oversize-batch', OversizeBatchRule> = {
  'one-whole': () => ONE_WHOLE,
  never: (changed: Changed) => ({ bringsOne: false, nothing: changed }),
};
