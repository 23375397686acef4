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
import type { Voter } from './voters.ts';

/** Nothing is deleted by age or size: there are no snapshots yet. */
const METADATA_LOG_CONFIG: LogConfig = {
  ...DEFAULT_LOG_CONFIG,
  retentionMs: -1,
  maxMessageBytes: 2_147_483_647,
};

export interface MetadataStorage {
  readonly log: MetadataLog;
  readonly stateFile: QuorumStateFile;
}

/** Null when the directory fails while it is read: `directory.onFailure` was told. */
export function openMetadataStorage(
  environment: LogEnvironment,
  directory: LogDirectory,
  voters: readonly Voter[],
): MetadataStorage | null {
  const log = directory.guard(
    () =>
      openLog(environment, {
        topic: METADATA_TOPIC,
        partition: METADATA_PARTITION,
        topicId: METADATA_TOPIC_ID,
        directory,
        config: METADATA_LOG_CONFIG,
      }),
    null,
  );
  if (log === null) return null;
  const voterIds = voters.map((voter) => voter.id);
  const path = log.directory;
  const stateFile = new QuorumStateFile({ environment, directory, path, voterIds });
  return { log: new MetadataLog(log), stateFile };
}
