/** What disk faults are told. */
import type { DiskErrorCode } from '../../kafka/host.ts';

export type DiskOperation =
  | 'open'
  | 'read'
  | 'write'
  | 'truncate'
  | 'flush'
  | 'rename'
  | 'remove'
  | 'mkdir'
  | 'list'
  | 'syncDirectory';

export interface DiskErrorSpec {
  /** Paths that begin with it; absent: all. */
  readonly pathPrefix?: string;
  /** Absent: every operation. */
  readonly operation?: DiskOperation;
  readonly code: DiskErrorCode;
  /** How many calls fail; absent: all until `endDiskError`. */
  readonly times?: number;
}

/** How the world tells that calls fail no more by one rule; the value is how many are left. */
export const ERRORS_END = 'errors end';

/** What a power cut does to pages that were not flushed. */
export type PowerCutStyle =
  /** Each page (4 KiB) and each directory change on its own: kept, dropped or torn at 512 B. */
  | 'random'
  /** Writes reach the platter in order: a prefix of each file's unflushed tail stays. */
  | 'keep-prefix'
  /** Nothing unflushed stays. */
  | 'drop-all'
  /** Everything stays, as after a kill. */
  | 'keep-all';

export interface CrashInStepSpec {
  /** Which mutating disk call from now on, 1 = the next. Mutating: all but reads, size, exists, list, close. */
  readonly afterDiskCalls: number;
  /** `torn` (a write or truncate): some sectors of it; any other call: as `before`. */
  readonly when: 'before' | 'after' | 'torn';
  /** Default: the process dies and the page cache stays. */
  readonly powerCut?: PowerCutStyle;
}
