/** Whose a log directory is, as an earlier run wrote it down (`meta.properties`). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseUuid, type Uuid } from '../../kafka/base/uuid.ts';

export interface StoredIdentity {
  readonly clusterId: string;
  readonly nodeId: number;
  /** null: the node will format the directory anew. */
  readonly directoryId: Uuid | null;
}

/** null: the directory is new, or what is in it cannot be read. */
export function storedIdentity(directory: string): StoredIdentity | null {
  let text: string;
  try {
    text = readFileSync(join(directory, 'meta.properties'), 'utf8');
  } catch {
    return null;
  }
  const clusterId = /^cluster\.id=(.+)$/m.exec(text)?.[1]?.trim();
  const nodeId = /^node\.id=(\d+)\s*$/m.exec(text)?.[1];
  if (clusterId === undefined || nodeId === undefined) return null;
  const directoryId = /^directory\.id=(.+)$/m.exec(text)?.[1]?.trim() ?? '';
  const isThere = parseUuid(directoryId) !== null;
  return { clusterId, nodeId: Number(nodeId), directoryId: isThere ? directoryId : null };
}
