/** Names of files and directories of a log, as Kafka writes them (Kafka: LogFileUtils, LocalLog). */

export const LOG_SUFFIX = '.log';
export const INDEX_SUFFIX = '.index';
export const TIME_INDEX_SUFFIX = '.timeindex';
export const PRODUCER_SNAPSHOT_SUFFIX = '.snapshot';
export const DELETED_SUFFIX = '.deleted';
export const CLEANED_SUFFIX = '.cleaned';
export const TEMPORARY_SUFFIX = '.tmp';
export const DELETE_DIRECTORY_SUFFIX = '-delete';
export const STRAY_SUFFIX = '-stray';
/** Ours: says durably that the log was cut at the offset in its name (see truncation-marker.ts). */
export const TRUNCATED_SUFFIX = '.truncated';

export const LEADER_EPOCH_CHECKPOINT = 'leader-epoch-checkpoint';
export const PARTITION_METADATA = 'partition.metadata';
export const RECOVERY_POINT_CHECKPOINT = 'recovery-point-offset-checkpoint';
export const LOG_START_OFFSET_CHECKPOINT = 'log-start-offset-checkpoint';
export const HIGH_WATERMARK_CHECKPOINT = 'replication-offset-checkpoint';
export const CLEAN_SHUTDOWN_FILE = '.kafka_cleanshutdown';
export const META_PROPERTIES = 'meta.properties';

const OFFSET_DIGITS = 20;

/** `00000000000000000042.log` */
export function fileName(offset: number, suffix: string): string {
  return String(offset).padStart(OFFSET_DIGITS, '0') + suffix;
}

/** The offset in a file name with that suffix; null when it is no such file. */
export function offsetOfFile(name: string, suffix: string): number | null {
  if (!name.endsWith(suffix) || name.length !== OFFSET_DIGITS + suffix.length) return null;
  const digits = name.slice(0, OFFSET_DIGITS);
  if (!/^\d+$/.test(digits)) return null;
  const offset = Number(digits);
  return Number.isSafeInteger(offset) ? offset : null;
}

export function partitionDirectoryName(topic: string, partition: number): string {
  return `${topic}-${partition}`;
}

/** Splits `orders-eu-0`; null when it is not a partition's directory. */
export function parsePartitionDirectory(
  name: string,
): { readonly topic: string; readonly partition: number } | null {
  const match = /^([a-zA-Z0-9._-]+)-(\d+)$/.exec(name);
  if (match === null) return null;
  return { topic: match[1] as string, partition: Number(match[2]) };
}

export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}
