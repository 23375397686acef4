/**
 * One entry of `log.dirs` and its health. This is the one place where a `DiskError` ends: the
 * directory goes offline at the first failed call, and every later append or read on it is
 * refused at once, with KAFKA_STORAGE_ERROR (KIP-112, KAFKA-10778; Kafka: LogDirFailureChannel).
 */
import { type Uuid, ZERO_UUID } from '../base/uuid.ts';
import { DiskError, type DiskErrorCode } from '../host.ts';
import type { Trace } from '../trace.ts';

/** Whether the directory stays open after an append failed; `fail` is called later then. */
type StaysOpen = (fail: () => void) => boolean;

export class LogDirectory {
  /** Absolute, without a slash at the end. */
  readonly path: string;
  /** Its identity, from `meta.properties`; the zero uuid until that was read. */
  id: Uuid = ZERO_UUID;
  /** The error that took it offline; null while it is online. Never cleared. */
  failure: DiskErrorCode | null = null;
  /** Told once, inside the step in which the directory fails. */
  onFailure: (directory: LogDirectory) => void;
  private readonly staysOpen: StaysOpen;
  private readonly watchers = new Set<() => void>();
  private readonly trace: Trace;

  constructor(
    path: string,
    trace: Trace,
    onFailure: (directory: LogDirectory) => void,
    staysOpen: StaysOpen = () => false,
  ) {
    this.path = path;
    this.trace = trace;
    this.onFailure = onFailure;
    this.staysOpen = staysOpen;
  }

  get online(): boolean {
    return this.failure === null;
  }

  /** Runs `action`; its result, or `otherwise` when the directory is or goes offline. */
  guard<T>(action: () => T, otherwise: T): T {
    if (this.failure !== null) return otherwise;
    try {
      return action();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      this.fail(error.code);
      return otherwise;
    }
  }

  /** As `guard`; a historic rule leaves the directory open for a while. */
  guardAppend<T>(action: () => T, otherwise: T): T {
    if (this.failure !== null) return otherwise;
    try {
      return action();
    } catch (error) {
      if (!(error instanceof DiskError)) throw error;
      if (!this.staysOpen(() => this.fail(error.code))) this.fail(error.code);
      return otherwise;
    }
  }

  /** Takes the directory offline: a call or a flush failed, its pages are in an unknown state. */
  fail(code: DiskErrorCode): void {
    if (this.failure !== null) return;
    this.failure = code;
    this.trace.emit('log.dir.failed', this.path, code);
    for (const watcher of this.watchers) watcher();
    this.watchers.clear();
    this.onFailure(this);
  }

  /** Calls `watcher` once when the directory fails, before `onFailure`; for logs that lie in it. */
  watch(watcher: () => void): void {
    this.watchers.add(watcher);
  }

  unwatch(watcher: () => void): void {
    this.watchers.delete(watcher);
  }
}
