/**
 * What one entry of the table of variants is (`variants.ts`): a decision that Kafka once took
 * otherwise, its options, and when each of them held.
 */
export interface VariantOption {
  readonly name: string;
  /** What the rule does. */
  readonly doc: string;
  /** null: today's rule. */
  readonly history: OptionHistory | null;
}

export interface OptionHistory {
  /** The first Kafka release with it; null: no release decided quite like this. */
  readonly since: string | null;
  /** The first release without it. */
  readonly fixedIn: string;
  /** KAFKA-… and KIP-… that changed it, and where the fault is told. */
  readonly by: readonly string[];
  /** Names of the checks that it may violate. */
  readonly breaks: readonly string[];
}

export interface Variant {
  readonly name: string;
  /** The decision that the rule takes, as a question. */
  readonly decides: string;
  readonly options: readonly [VariantOption, ...VariantOption[]];
}

export function today<N extends string>(name: N, doc: string) {
  return { name, doc, history: null } as const;
}

export function historic<N extends string>(name: N, doc: string, history: OptionHistory) {
  return { name, doc, history } as const;
}

/** Losses that are seen when a replica lacks what was committed. */
export const LOSS = [
  'acked-durable',
  'leader-complete',
  'candidate-complete',
  'strong-isr',
  'hw-mono',
  'log-match',
  'read-stable',
  'committed-somewhere',
  'offset-unique',
] as const;
