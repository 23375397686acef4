/**
 * The identity of a controller's storage: `meta.properties` in its metadata log directory, written
 * at the first start as `kafka-storage format` would (Kafka: MetaPropertiesEnsemble).
 */
import { type Uuid, uuidFromBytes } from '../base/uuid.ts';
import type { RandomStream } from '../host.ts';
import type { LogEnvironment } from '../log/environment.ts';
import type { LogDirectory } from '../log/log-directory.ts';
import { readMetaProperties, writeMetaProperties } from '../log/property-files.ts';

/** @returns the id of the directory, or why the node may not start on it. */
export function identifyStorage(
  environment: LogEnvironment,
  directory: LogDirectory,
  owner: { readonly clusterId: string; readonly nodeId: number },
  random: RandomStream,
): { readonly directoryId: Uuid } | { readonly problem: string } {
  const failed = { problem: `the metadata log directory ${directory.path} cannot be read` };
  return directory.guard(() => {
    const known = readMetaProperties(environment, directory);
    if (known === null) {
      const directoryId = uuidFromBytes(random.bytes(16), 0);
      writeMetaProperties(environment, directory, { ...owner, directoryId });
      return { directoryId };
    }
    const { clusterId, nodeId, directoryId } = known;
    if (clusterId === owner.clusterId && nodeId === owner.nodeId) return { directoryId };
    return { problem: `${directory.path} belongs to node ${nodeId} of cluster ${clusterId}` };
  }, failed);
}
