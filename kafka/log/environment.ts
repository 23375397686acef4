/** What every file of the log room needs from its node; one object per node. */

import type { Timers } from '../base/timers.ts';
import type { Clock, Codecs, Disk, DiskErrorCode, FileId } from '../host.ts';
import type { Rules } from '../protocol/rules.ts';
import type { FlushTracker } from '../rpc/flush-tracker.ts';
import type { Trace } from '../trace.ts';
import type { LogDirectory } from './log-directory.ts';

export interface LogEnvironment {
  readonly disk: Disk;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly trace: Trace;
  readonly codecs: Codecs;
  /** Routes the node's `flushed` inputs back to whoever started the flush. */
  readonly flushed: FlushTracker;
  readonly rules: Rules;
}

/**
 * Starts a flush; `done` runs in the step in which it ends. A failed flush takes the directory
 * offline, unless `stillWanted` says that the file was given up (removed) in the meantime.
 */
export function startFlush(
  environment: LogEnvironment,
  directory: LogDirectory,
  file: FileId,
  stillWanted: () => boolean,
  done: (error: DiskErrorCode | null) => void,
): void {
  environment.flushed.track(environment.disk.flush(file), (error) => {
    if (error === null || !stillWanted()) return done(null);
    directory.fail(error);
    done(error);
  });
}
