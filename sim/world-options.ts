/** What a world is made of. */
import type { DiskSettings } from './disk/settings.ts';
import type { StepLog } from './engine/step-log.ts';
import type { NetworkSettings } from './network/settings.ts';
import type { ServiceTimes } from './process/service-times.ts';

export interface WorldOptions {
  readonly seed: string | number;
  readonly network?: NetworkSettings;
  readonly disk?: DiskSettings;
  readonly serviceTimes?: ServiceTimes;
  /** `rows` keeps the trace for a file or a reader; hashes and subscriptions work without. */
  readonly store: 'none' | 'rows';
  /** Filled with a word of the digest per step, to find where two runs part. */
  readonly stepLog?: StepLog;
}
