/**
 * The identity of a controller's storage: `meta.properties` in its metadata log directory, written
 * at the first start as `kafka-storage format` would (Kafka: MetaProperties).
 */
import { assert } from '../base/assert.ts';
import { type Uuid, uuidFromBytes } from '../base/uuid.ts';
import type { RandomStream } from '../host.ts';
import { CheckpointFile } from '../log/checkpoint-file.ts';
import type { LogEnvironment } from '../log/environment.ts';
import { META_PROPERTIES } from '../log/file-names.ts';
import type { LogDirectory } from '../log/log-directory.ts';

export interface StorageIdentity {
  readonly clusterId: string;
  readonly nodeId: number;
}

/** @returns the id of the directory; null when the disk fails. */
export function identifyStorage(
  environment: LogEnvironment,
  directory: LogDirectory,
  identity: StorageIdentity,
  random: RandomStream,
): Uuid | null {
  return directory.guard(() => {
    environment.disk.mkdir(directory.path);
    const path = `${directory.path}/${META_PROPERTIES}`;
    const file = new CheckpointFile(environment, directory, path);
    const text = file.read();
    if (text !== null) return checkedDirectoryId(text, identity);
    const directoryId = uuidFromBytes(random.bytes(16), 0);
    const lines = [
      '#',
      `cluster.id=${identity.clusterId}`,
      `directory.id=${directoryId}`,
      `node.id=${identity.nodeId}`,
      'version=1',
      '',
    ];
    file.write(lines.join('\n'));
    return directoryId;
  }, null);
}

function checkedDirectoryId(text: string, identity: StorageIdentity): Uuid {
  const properties = new Map<string, string>();
  for (const line of text.split('\n')) {
    const equals = line.indexOf('=');
    if (!line.startsWith('#') && equals > 0) {
      properties.set(line.slice(0, equals), line.slice(equals + 1));
    }
  }
  const { clusterId, nodeId } = identity;
  assert(properties.get('cluster.id') === clusterId, 'the storage is of another cluster');
  assert(properties.get('node.id') === String(nodeId), 'the storage is of another node');
  const directoryId = properties.get('directory.id');
  assert(directoryId !== undefined, `${META_PROPERTIES} names no directory.id`);
  return directoryId;
}
