/**
 * `meta.properties` of a log directory (whose it is) and `partition.metadata` of a partition (which
 * topic id it belongs to). Both are written once, in place, so that a process kill cannot lose
 * them; after a power cut before their first flush they may be unreadable and count as absent
 * (Kafka: MetaProperties, PartitionMetadataFile).
 */
import { parseUuid, type Uuid } from '../base/uuid.ts';
import type { Disk } from '../host.ts';
import { readTextFile, writeTextFile } from './checkpoint-file.ts';
import { type LogEnvironment, startFlush } from './environment.ts';
import { META_PROPERTIES, PARTITION_METADATA } from './file-names.ts';
import type { LogDirectory } from './log-directory.ts';

export interface MetaProperties {
  readonly clusterId: string;
  readonly nodeId: number;
  readonly directoryId: Uuid;
}

/** Null when the directory is not formatted. */
export function readMetaProperties(
  environment: LogEnvironment,
  directory: LogDirectory,
): MetaProperties | null {
  const text = readTextFile(environment, `${directory.path}/${META_PROPERTIES}`);
  if (text === null) return null;
  const clusterId = property(text, 'cluster.id', '=');
  const nodeId = Number(property(text, 'node.id', '='));
  const directoryId = property(text, 'directory.id', '=');
  if (clusterId === null || directoryId === null || !Number.isSafeInteger(nodeId)) return null;
  return parseUuid(directoryId) === null ? null : { clusterId, nodeId, directoryId };
}

export function writeMetaProperties(
  environment: LogEnvironment,
  directory: LogDirectory,
  properties: MetaProperties,
): void {
  const text = [
    'version=1',
    `cluster.id=${properties.clusterId}`,
    `node.id=${properties.nodeId}`,
    `directory.id=${properties.directoryId}`,
    '',
  ].join('\n');
  makeLasting(environment.disk, directory.path);
  writeInPlace(environment, directory, directory.path, META_PROPERTIES, text);
}

/**
 * Makes the directory, and its name and those of its parents survive a power cut, before anything
 * in it says that it is formatted. The first name of a path is where a disk is mounted. Kafka
 * flushes one parent, and only of a directory that it made itself (LogManager).
 */
function makeLasting(disk: Disk, path: string): void {
  disk.mkdir(path);
  for (let at = path.indexOf('/', 1); at > 0; at = path.indexOf('/', at + 1)) {
    disk.syncDirectory(path.slice(0, at));
  }
}

/** Null when the file is absent or unreadable. */
export function readPartitionMetadata(
  environment: LogEnvironment,
  partitionPath: string,
): Uuid | null {
  const text = readTextFile(environment, `${partitionPath}/${PARTITION_METADATA}`);
  if (text === null) return null;
  const topicId = property(text, 'topic_id', ': ');
  return topicId === null || parseUuid(topicId) === null ? null : topicId;
}

export function writePartitionMetadata(
  environment: LogEnvironment,
  directory: LogDirectory,
  partitionPath: string,
  topicId: Uuid,
): void {
  const text = `version: 0\ntopic_id: ${topicId}\n`;
  writeInPlace(environment, directory, partitionPath, PARTITION_METADATA, text);
}

function property(text: string, name: string, separator: string): string | null {
  const prefix = name + separator;
  const line = text.split('\n').find((candidate) => candidate.startsWith(prefix));
  return line === undefined ? null : line.slice(prefix.length).trim();
}

function writeInPlace(
  environment: LogEnvironment,
  directory: LogDirectory,
  folder: string,
  name: string,
  text: string,
): void {
  const { disk } = environment;
  const path = `${folder}/${name}`;
  const file = writeTextFile(environment, path, text);
  disk.syncDirectory(folder);
  const stillThere = (): boolean => directory.guard(() => disk.exists(path), false);
  startFlush(environment, directory, file, stillThere, () => {
    directory.guard(() => disk.close(file), undefined);
  });
}
