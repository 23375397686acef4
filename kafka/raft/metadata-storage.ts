/**
 * Opens the metadata log and what lies beside it in `metadata.log.dir` (Kafka: KafkaMetadataLog,
 * MetaPropertiesEnsemble). As in Kafka the log is always recovered from its start.
 */
import { METADATA_TOPIC_ID } from '../base/uuid.ts';
import type { LogEnvironment } from '../log/environment.ts';
import { DEFAULT_LOG_CONFIG, type LogConfig } from '../log/log-config.ts';
import type { LogDirectory } from '../log/log-directory.ts';
import { openLog } from '../log/open-log.ts';
import { METADATA_PARTITION, METADATA_TOPIC, MetadataLog } from './metadata-log.ts';
import { QuorumStateFile } from './quorum-state-file.ts';
import { SnapshotStore } from './snapshot-store.ts';

/** When segments of the metadata log roll. */
export interface MetadataLogSettings {
  /** metadata.log.segment.bytes */
  readonly segmentBytes: number;
  /** metadata.log.segment.ms */
  readonly segmentMs: number;
}

export interface MetadataStorage {
  readonly log: MetadataLog;
  readonly stateFile: QuorumStateFile;
}

/** Null when the directory fails while it is read: `directory.onFailure` was told. */
export function openMetadataStorage(
  environment: LogEnvironment,
  directory: LogDirectory,
  settings: MetadataLogSettings,
): MetadataStorage | null {
  return directory.guard(() => {
    const log = openLog(environment, {
      topic: METADATA_TOPIC,
      partition: METADATA_PARTITION,
      topicId: METADATA_TOPIC_ID,
      directory,
      config: logConfig(settings),
    });
    const path = log.directory;
    const snapshots = new SnapshotStore(environment, directory, path);
    snapshots.load(log.logStartOffset);
    const metadataLog = new MetadataLog(log, snapshots);
    // A process may have died between a snapshot's arrival and the cut that it asks for.
    metadataLog.truncateToLatestSnapshot();
    return { log: metadataLog, stateFile: new QuorumStateFile({ environment, directory, path }) };
  }, null);
}

/** Age and size do not delete segments of this log; snapshots that stand for them do. */
function logConfig(settings: MetadataLogSettings): LogConfig {
  return {
    ...DEFAULT_LOG_CONFIG,
    ...settings,
    retentionMs: -1,
    maxMessageBytes: 2_147_483_647,
  };
}
