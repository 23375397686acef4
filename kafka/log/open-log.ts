/** Opens a partition's log, or creates it: loads the files and recovers them if they need it. */
import type { Uuid } from '../base/uuid.ts';
import { CheckpointFile } from './checkpoint-file.ts';
import type { LogEnvironment } from './environment.ts';
import { LEADER_EPOCH_CHECKPOINT, partitionDirectoryName } from './file-names.ts';
import { LeaderEpochCache } from './leader-epoch-cache.ts';
import { Log } from './log.ts';
import type { LogConfig } from './log-config.ts';
import type { LogDirectory } from './log-directory.ts';
import { LogFiles } from './log-files.ts';
import { loadLog } from './log-loader.ts';
import { ProducerStateManager } from './producer-state-manager.ts';
import { TruncationMarkers } from './truncation-marker.ts';

const ONE_DAY_MS = 86_400_000;

export interface OpenLogOptions {
  readonly topic: string;
  readonly partition: number;
  readonly topicId: Uuid | null;
  readonly directory: LogDirectory;
  readonly config: LogConfig;
  /** As checkpointed; 0 without a checkpoint. */
  readonly logStartOffset?: number;
  /** As checkpointed; 0, the default, has everything recovered after an unclean stop. */
  readonly recoveryPoint?: number;
  readonly cleanShutdown?: boolean;
  readonly producerIdExpirationMs?: number;
  /** Makes the present recovery points and log start offsets durable, then calls back. */
  readonly checkpointOffsets?: (done: () => void) => void;
}

/** Call it inside `directory.guard`: disk errors come out of it. */
export function openLog(environment: LogEnvironment, options: OpenLogOptions): Log {
  const { directory, config, topic, partition } = options;
  const name = partitionDirectoryName(topic, partition);
  const files = new LogFiles(environment, directory, `${directory.path}/${name}`);
  const isNew = !environment.disk.exists(files.path);
  const epochFile = new CheckpointFile(
    environment,
    directory,
    `${files.path}/${LEADER_EPOCH_CHECKPOINT}`,
  );
  const epochs = new LeaderEpochCache(epochFile);
  const producers = new ProducerStateManager(environment, {
    name,
    directoryPath: () => files.path,
    expirationMs: options.producerIdExpirationMs ?? ONE_DAY_MS,
  });
  const markers = new TruncationMarkers(environment, () => files.path);
  const loaded = loadLog(environment, {
    path: files.path,
    indexIntervalBytes: config.indexIntervalBytes,
    epochs,
    producers,
    markers,
    logStartOffset: options.logStartOffset ?? 0,
    recoveryPoint: options.recoveryPoint ?? 0,
    cleanShutdown: options.cleanShutdown ?? false,
  });
  if (isNew) environment.disk.syncDirectory(directory.path);
  const checkpointOffsets = options.checkpointOffsets ?? ((done: () => void) => done());
  const topicId = options.topicId;
  const log = new Log({
    topic,
    partition,
    topicId,
    config,
    files,
    epochs,
    producers,
    markers,
    loaded,
    checkpointOffsets,
  });
  if (!isNew) {
    const how = options.cleanShutdown === true ? 'clean' : 'unclean';
    environment.trace.emit('log.recovered', name, log.logStartOffset, log.logEndOffset, how);
    const { cutBytes } = loaded;
    if (cutBytes > 0) environment.trace.emit('log.cut', name, log.logEndOffset, cutBytes);
  }
  return log;
}
