/**
 * When a stopping broker may mark its log directories as closed cleanly (KAFKA-15375; Kafka:
 * LogManager.shutdown): when it had loaded and recovered them. A stop during the start wrote the
 * marker, too, and the next start skipped the recovery.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface CleanMarkerRule {
  /** Asked of a directory whose logs are not loaded. */
  marksUnloaded(directory: string): boolean;
}

const WHEN_LOADED: CleanMarkerRule = { marksUnloaded: () => false };

function atEveryStop(changed: Changed): CleanMarkerRule {
  return {
    marksUnloaded: (directory) => {
      changed(directory);
      return true;
    },
  };
}

export const cleanMarkerRules: OptionsOf<'clean-marker', CleanMarkerRule> = {
  'when-loaded': () => WHEN_LOADED,
  'at-every-stop': atEveryStop,
};
