/**
 * Creating and giving up the segment files of one partition directory. Segments that go are
 * renamed `.deleted` at once and removed after file.delete.delay.ms, as Kafka does; the directory
 * is synced per segment, so that no subset of the renames can survive a power cut and tear a hole.
 */
import type { LogEnvironment } from './environment.ts';
import { DELETED_SUFFIX, INDEX_SUFFIX, LOG_SUFFIX, TIME_INDEX_SUFFIX } from './file-names.ts';
import type { LogDirectory } from './log-directory.ts';
import { openSegment, type Segment } from './segment.ts';

const SUFFIXES = [LOG_SUFFIX, INDEX_SUFFIX, TIME_INDEX_SUFFIX];

export class LogFiles {
  /** The partition's directory; changes when the log is renamed for deletion. */
  path: string;
  readonly environment: LogEnvironment;
  readonly directory: LogDirectory;

  constructor(environment: LogEnvironment, directory: LogDirectory, path: string) {
    this.environment = environment;
    this.directory = directory;
    this.path = path;
  }

  create(baseOffset: number): Segment {
    return openSegment(this.environment.disk, {
      directoryPath: this.path,
      baseOffset,
      createdAtMs: this.environment.clock.wallMs(),
    });
  }

  /** Gives segments up, durably, in the order given; their bytes stay on disk for `delayMs`. */
  retire(segments: readonly Segment[], delayMs: number): void {
    const { disk, clock, timers } = this.environment;
    if (segments.length === 0) return;
    const gone: string[] = [];
    for (const segment of segments) {
      segment.deleted = true;
      segment.close();
      for (const suffix of SUFFIXES) {
        const path = segment.path(suffix);
        disk.rename(path, path + DELETED_SUFFIX);
        gone.push(path + DELETED_SUFFIX);
      }
      disk.syncDirectory(this.path);
    }
    timers.at(clock.monotonicMs() + delayMs, () => {
      this.directory.guard(() => this.remove(gone), undefined);
    });
  }

  /** A file may be gone already: with its partition, or replaced by a later deletion. */
  private remove(paths: readonly string[]): void {
    const { disk } = this.environment;
    for (const path of paths) if (disk.exists(path)) disk.remove(path);
  }
}
