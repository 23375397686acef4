/**
 * The trace of what the controller has done, told when it is committed and not before: an
 * uncommitted change may still be lost. After a restart the newest records of the log are told
 * once more, because the former process may have died between their commit and the telling.
 */
import type { MetadataImage } from '../metadata/image.ts';
import type { Trace } from '../trace.ts';
import type { MetadataRecord } from '../wire/metadata-records.ts';
import { type Replaced, replacedBy, telling } from './tellings.ts';

interface Waiting {
  readonly offset: number;
  readonly emit: (trace: Trace) => void;
}

export class CommittedEvents {
  private readonly trace: Trace;
  private waiting: Waiting[] = [];

  constructor(trace: Trace) {
    this.trace = trace;
  }

  /** What was noted and is not committed. */
  get waitingCount(): number {
    return this.waiting.length;
  }

  /** Looks up, before a record is applied, what it will replace. */
  before(image: MetadataImage, entry: MetadataRecord): Replaced {
    return replacedBy(image, entry);
  }

  /** Notes, after a record was applied at `offset`, what to tell once it is committed. */
  applied(
    image: MetadataImage,
    entry: MetadataRecord,
    change: { replaced: Replaced; offset: number; why: string },
  ): void {
    const emit = telling(image, entry, change);
    if (emit !== null) this.waiting.push({ offset: change.offset, emit });
  }

  /** Forgets what lies below: it was told before. */
  skipTo(offset: number): void {
    this.waiting = this.waiting.filter((one) => one.offset >= offset);
  }

  /** Tells nothing of what was noted: it may never be committed. */
  forget(): void {
    this.waiting = [];
  }

  /** Tells everything below `highWatermark`. */
  committedTo(highWatermark: number): void {
    let count = 0;
    for (const one of this.waiting) {
      if (one.offset >= highWatermark) break;
      one.emit(this.trace);
      count += 1;
    }
    if (count > 0) this.waiting = this.waiting.slice(count);
  }
}
