/**
 * Makes truncation crash-safe without blocking for a flush. Cutting a file is as volatile as
 * writing it: after a power cut old bytes may come back behind, or in the pages between, new ones,
 * and a lowered recovery point may be forgotten. Kafka lives with that (its recovery point is
 * checkpointed in the same call). Here an empty file `<offset>.truncated` is made durable at once,
 * directory entries being the only thing that can be, and stays until both are durable:
 * - until then nothing is appended to the file that was cut (the log rolls first);
 * - recovery cuts that file at the marked offset again, and scans from there on.
 */
import type { LogEnvironment } from './environment.ts';
import { fileName, offsetOfFile, TRUNCATED_SUFFIX } from './file-names.ts';

export class TruncationMarkers {
  /** Marked offsets, rising. */
  private offsets: number[] = [];
  private readonly environment: LogEnvironment;
  private readonly partitionPath: () => string;

  constructor(environment: LogEnvironment, partitionPath: () => string) {
    this.environment = environment;
    this.partitionPath = partitionPath;
  }

  load(names: readonly string[]): void {
    for (const name of names) {
      const offset = offsetOfFile(name, TRUNCATED_SUFFIX);
      if (offset !== null) this.offsets.push(offset);
    }
  }

  get any(): boolean {
    return this.offsets.length > 0;
  }

  /** The lowest marked offset; `Infinity` without a marker. */
  get lowest(): number {
    return this.offsets[0] ?? Number.POSITIVE_INFINITY;
  }

  /** Where a segment with this base must be cut: the first marked offset inside or behind it. */
  limitFor(baseOffset: number): number {
    return this.offsets.find((offset) => offset > baseOffset) ?? Number.POSITIVE_INFINITY;
  }

  /** Marks a cut, durably. Marks above it lose their meaning: what they guard is gone. */
  mark(offset: number): void {
    const { disk } = this.environment;
    for (const other of this.offsets) if (other > offset) disk.remove(this.path(other));
    this.offsets = this.offsets.filter((other) => other < offset);
    this.offsets.push(offset);
    disk.close(disk.open(this.path(offset), 'create'));
    disk.syncDirectory(this.partitionPath());
  }

  get all(): readonly number[] {
    return this.offsets;
  }

  /** Ends marks, durably, before anything is appended to the file that was cut. */
  unmark(offsets: readonly number[]): void {
    const { disk } = this.environment;
    const ended = this.offsets.filter((offset) => offsets.includes(offset));
    if (ended.length === 0) return;
    this.offsets = this.offsets.filter((offset) => !offsets.includes(offset));
    for (const offset of ended) disk.remove(this.path(offset));
    disk.syncDirectory(this.partitionPath());
  }

  private path(offset: number): string {
    return `${this.partitionPath()}/${fileName(offset, TRUNCATED_SUFFIX)}`;
  }
}
