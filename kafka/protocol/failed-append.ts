/**
 * When a log directory is closed to appends after a disk call failed (KAFKA-10778; Kafka:
 * LogDirFailureChannel): in the same moment. A thread of its own used to take it offline later;
 * what was appended meanwhile lies behind a batch that was written and never counted.
 */
import type { Changed } from './decisions.ts';
import type { OptionsOf } from './variants.ts';

export interface FailedAppendRule {
  /** Asked when a disk call failed: how long the directory stays open, in ms. */
  staysOpenMs(directory: string): number;
}

/** Stands for a handler that waits for its locks. */
const HANDLER_DELAY_MS = 1000;

const CLOSED_AT_ONCE: FailedAppendRule = { staysOpenMs: () => 0 };

function closedLater(changed: Changed): FailedAppendRule {
  return {
    staysOpenMs: (directory) => {
      changed(directory);
      return HANDLER_DELAY_MS;
    },
  };
}

export const failedAppendRules: OptionsOf<'failed-append', FailedAppendRule> = {
  'closed-at-once': () => CLOSED_AT_ONCE,
  'closed-later': closedLater,
};
