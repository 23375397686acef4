/**
 * The three offset checkpoints of one log directory: recovery points, log start offsets and high
 * watermarks (Kafka: OffsetCheckpointFile; LogManager and ReplicaManager write them).
 */
import { CheckpointFile } from './checkpoint-file.ts';
import { formatOffsets, type OffsetsByPartition, parseOffsets } from './checkpoint-text.ts';
import type { LogEnvironment } from './environment.ts';
import {
  HIGH_WATERMARK_CHECKPOINT,
  LOG_START_OFFSET_CHECKPOINT,
  RECOVERY_POINT_CHECKPOINT,
} from './file-names.ts';
import type { Log } from './log.ts';
import type { LogDirectory } from './log-directory.ts';

/** One checkpoint file, written only when its contents change. */
class OffsetCheckpoint {
  private readonly file: CheckpointFile;
  private written = '';

  constructor(environment: LogEnvironment, directory: LogDirectory, name: string) {
    this.file = new CheckpointFile(environment, directory, `${directory.path}/${name}`);
  }

  /** Empty when the file is absent or unreadable: recovery then starts from the beginning. */
  read(): OffsetsByPartition {
    const text = this.file.read();
    if (text === null) return new Map();
    this.written = text;
    return parseOffsets(text) ?? new Map();
  }

  write(logs: readonly Log[], offsetOf: (log: Log) => number): void {
    const text = formatOffsets(
      logs.map((log) => ({
        topic: log.topic,
        partition: log.partition,
        offset: offsetOf(log),
      })),
    );
    if (text === this.written) return;
    this.written = text;
    this.file.write(text);
  }

  whenDurable(done: () => void): void {
    this.file.whenDurable(done);
  }
}

export class DirectoryCheckpoints {
  readonly recoveryPoints: OffsetCheckpoint;
  readonly logStartOffsets: OffsetCheckpoint;
  readonly highWatermarks: OffsetCheckpoint;

  constructor(environment: LogEnvironment, directory: LogDirectory) {
    const open = (name: string): OffsetCheckpoint =>
      new OffsetCheckpoint(environment, directory, name);
    this.recoveryPoints = open(RECOVERY_POINT_CHECKPOINT);
    this.logStartOffsets = open(LOG_START_OFFSET_CHECKPOINT);
    this.highWatermarks = open(HIGH_WATERMARK_CHECKPOINT);
  }

  writeRecoveryPoints(logs: readonly Log[]): void {
    this.recoveryPoints.write(logs, (log) => log.recoveryPoint);
  }

  /** Only those that the first segment's name does not say. */
  writeLogStartOffsets(logs: readonly Log[]): void {
    const raised = logs.filter((log) => log.logStartOffset > log.segments.first.baseOffset);
    this.logStartOffsets.write(raised, (log) => log.logStartOffset);
  }

  writeHighWatermarks(logs: readonly Log[]): void {
    this.highWatermarks.write(logs, (log) => log.highWatermark);
  }

  /** Calls back once all that was written is durable. */
  whenDurable(done: () => void): void {
    this.recoveryPoints.whenDurable(() =>
      this.logStartOffsets.whenDurable(() => this.highWatermarks.whenDurable(done)),
    );
  }
}
