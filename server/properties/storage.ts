/** What is wrong with the log directories of a node before it starts (Kafka: LogManager, MetaPropertiesEnsemble). */
import { existsSync, realpathSync } from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { storedIdentity } from '../disk/meta-properties.ts';

/** @param directories all of the node, the metadata log's too; absolute. */
export function storageProblems(directories: readonly string[], nodeId: number): string[] {
  const problems: string[] = [];
  const real = directories.map(realPath);
  for (const [i, directory] of real.entries()) {
    const outer = real.findIndex((one, j) => i !== j && `${directory}${sep}`.startsWith(one + sep));
    if (outer < 0 || (real[outer] === directory && outer > i)) continue;
    const how = real[outer] === directory ? 'is the same as' : 'lies in';
    problems.push(`log.dirs: ${directories[i]} ${how} ${directories[outer]}`);
  }
  let clusterId: string | null = null;
  for (const directory of directories) {
    const stored = storedIdentity(directory);
    if (stored === null) continue;
    if (stored.nodeId !== nodeId) {
      problems.push(
        `node.id=${nodeId}, but ${directory} belongs to node ${stored.nodeId}; give the node its` +
          ' own log.dirs',
      );
    }
    if (clusterId !== null && stored.clusterId !== clusterId) {
      problems.push(
        `${directory} belongs to cluster ${stored.clusterId}, another one to ${clusterId}`,
      );
    }
    clusterId = stored.clusterId;
  }
  return problems;
}

/** With links resolved as far as the path is there. */
function realPath(path: string): string {
  if (existsSync(path)) return realpathSync(path);
  const parent = dirname(path);
  return parent === path ? path : join(realPath(parent), basename(path));
}
