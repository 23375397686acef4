/**
 * The snapshots beside the metadata log: files `<end offset>-<epoch>.checkpoint`, written whole
 * under another name, flushed and renamed (Kafka: FileRawSnapshotWriter, KafkaMetadataLog). A
 * snapshot that is there is complete and durable. The bytes are ordinary record batches.
 */

import { type LogEnvironment, startFlush } from '../log/environment.ts';
import { DELETED_SUFFIX } from '../log/file-names.ts';
import type { LogDirectory } from '../log/log-directory.ts';
import type { OffsetAndEpoch } from './metadata-log.ts';

const SUFFIX = '.checkpoint';
const PARTIAL_SUFFIX = '.checkpoint.part';
const NAME = /^(\d{20})-(\d{10})\.checkpoint(\.part|\.deleted)?$/;
/** log.segment.delete.delay.ms, as KafkaMetadataLog passes it. */
const DELETE_DELAY_MS = 60_000;

export class SnapshotStore {
  private readonly environment: LogEnvironment;
  private readonly directory: LogDirectory;
  private readonly path: string;
  /** By ascending end offset. */
  private ids: OffsetAndEpoch[] = [];

  /** @param parts.path the directory of the metadata partition, inside `directory`. */
  constructor(environment: LogEnvironment, directory: LogDirectory, path: string) {
    this.environment = environment;
    this.directory = directory;
    this.path = path;
  }

  /** Finds what is there; removes what was never finished or ends below the log's start. */
  load(logStartOffset: number): void {
    const { disk } = this.environment;
    for (const name of disk.list(this.path)) {
      const match = NAME.exec(name);
      if (match === null) continue;
      const id = { offset: Number(match[1]), epoch: Number(match[2]) };
      if (match[3] !== undefined || id.offset < logStartOffset) disk.remove(`${this.path}/${name}`);
      else this.ids.push(id);
    }
    this.sort();
  }

  get latest(): OffsetAndEpoch | null {
    return this.ids.at(-1) ?? null;
  }

  get earliest(): OffsetAndEpoch | null {
    return this.ids[0] ?? null;
  }

  get all(): readonly OffsetAndEpoch[] {
    return this.ids;
  }

  has(id: OffsetAndEpoch): boolean {
    return this.ids.some((one) => one.offset === id.offset && one.epoch === id.epoch);
  }

  /** Null when the directory is offline. */
  sizeOf(id: OffsetAndEpoch): number | null {
    return this.directory.guard(() => {
      const { disk } = this.environment;
      const file = disk.open(this.pathOf(id, SUFFIX), 'existing');
      const size = disk.size(file);
      disk.close(file);
      return size;
    }, null);
  }

  /** At most `length` bytes from `position`; null when the directory is offline. */
  read(id: OffsetAndEpoch, position: number, length: number): Uint8Array | null {
    return this.directory.guard(() => {
      const { disk } = this.environment;
      const file = disk.open(this.pathOf(id, SUFFIX), 'existing');
      const bytes = disk.read(file, position, length);
      disk.close(file);
      return bytes;
    }, null);
  }

  /**
   * Writes a snapshot; `done` comes in a later step, when it is durable and counts, never if the
   * disk fails.
   */
  write(id: OffsetAndEpoch, bytes: Uint8Array, done: () => void): void {
    this.directory.guard(() => {
      const { disk } = this.environment;
      const file = disk.open(this.pathOf(id, PARTIAL_SUFFIX), 'create');
      disk.truncate(file, 0);
      disk.write(file, 0, bytes);
      startFlush(
        this.environment,
        this.directory,
        file,
        () => true,
        (error) => {
          if (error !== null) return;
          this.directory.guard(() => {
            disk.close(file);
            disk.rename(this.pathOf(id, PARTIAL_SUFFIX), this.pathOf(id, SUFFIX));
            disk.syncDirectory(this.path);
            if (!this.has(id)) this.ids.push(id);
            this.sort();
            done();
          }, undefined);
        },
      );
    }, undefined);
  }

  /** Writes a snapshot that counts at once, durable soon: before a node's first start. */
  writeNow(id: OffsetAndEpoch, bytes: Uint8Array): void {
    this.directory.guard(() => {
      const { disk } = this.environment;
      const file = disk.open(this.pathOf(id, SUFFIX), 'create');
      disk.write(file, 0, bytes);
      disk.syncDirectory(this.path);
      const done = (): void => this.directory.guard(() => disk.close(file), undefined);
      startFlush(this.environment, this.directory, file, () => true, done);
      this.ids.push(id);
      this.sort();
    }, undefined);
  }

  /** Gives up every snapshot that ends below `offset`; the files go a minute later. */
  removeBefore(offset: number): number {
    const gone = this.ids.filter((one) => one.offset < offset);
    if (gone.length === 0) return 0;
    this.ids = this.ids.filter((one) => one.offset >= offset);
    const { disk, clock, timers } = this.environment;
    this.directory.guard(() => {
      for (const id of gone) {
        disk.rename(this.pathOf(id, SUFFIX), this.pathOf(id, SUFFIX) + DELETED_SUFFIX);
      }
    }, undefined);
    timers.at(clock.monotonicMs() + DELETE_DELAY_MS, () => {
      this.directory.guard(() => {
        for (const id of gone) {
          const path = this.pathOf(id, SUFFIX) + DELETED_SUFFIX;
          if (disk.exists(path)) disk.remove(path);
        }
      }, undefined);
    });
    return gone.length;
  }

  private pathOf({ offset, epoch }: OffsetAndEpoch, suffix: string): string {
    const name = `${String(offset).padStart(20, '0')}-${String(epoch).padStart(10, '0')}`;
    return `${this.path}/${name}${suffix}`;
  }

  private sort(): void {
    this.ids.sort((a, b) => a.offset - b.offset || a.epoch - b.epoch);
  }
}
