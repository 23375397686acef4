/**
 * What a follower does with a fetch that holds a damaged batch (KAFKA-4384; Kafka:
 * AbstractFetcherThread.processFetchRequest): it asks for that partition again, for it may have
 * been damaged on its way. It used to end the fetcher, and with it all partitions of that leader.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface FetchDamageRule {
  endsFetcher(partition: string): boolean;
}

const ASKS_AGAIN: FetchDamageRule = { endsFetcher: () => false };

function endsFetcher(changed: Changed): FetchDamageRule {
  return {
    endsFetcher: (partition) => {
      changed(partition);
      return true;
    },
  };
}

export const fetchDamageRules: OptionsOf<'fetch-damage', FetchDamageRule> = {
  'asks-again': () => ASKS_AGAIN,
  'ends-fetcher': endsFetcher,
};
