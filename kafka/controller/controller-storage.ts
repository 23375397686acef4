/**
 * The identity of a controller's storage: `meta.properties` in its metadata log directory, written
 * at the first start as `kafka-storage format` would (Kafka: MetaPropertiesEnsemble).
 */
import { type Uuid, uuidFromBytes } from '../base/uuid.ts';
import type { RandomStream } from '../host.ts';
import type { LogEnvironment } from '../log/environment.ts';
import type { LogDirectory } from '../log/log-directory.ts';
import { readMetaProperties, writeMetaProperties } from '../log/property-files.ts';

/** Whose storage it should be, and what a new one gets. */
export interface StorageOwner {
  readonly clusterId: string;
  readonly nodeId: number;
  /** null: a random one. */
  readonly initialDirectoryId: Uuid | null;
  readonly random: RandomStream;
}

/** @returns the id of the directory, or why the node may not start on it. */
export function identifyStorage(
  environment: LogEnvironment,
  directory: LogDirectory,
  owner: StorageOwner,
): { readonly directoryId: Uuid; readonly isNew: boolean } | { readonly problem: string } {
  const failed = { problem: `the metadata log directory ${directory.path} cannot be read` };
  return directory.guard(() => {
    const known = readMetaProperties(environment, directory);
    if (known === null) {
      const { clusterId, nodeId } = owner;
      const directoryId = owner.initialDirectoryId ?? uuidFromBytes(owner.random.bytes(16), 0);
      writeMetaProperties(environment, directory, { clusterId, nodeId, directoryId });
      return { directoryId, isNew: true };
    }
    const { clusterId, nodeId, directoryId } = known;
    if (clusterId === owner.clusterId && nodeId === owner.nodeId) {
      return { directoryId, isNew: false };
    }
    return { problem: `${directory.path} belongs to node ${nodeId} of cluster ${clusterId}` };
  }, failed);
}
