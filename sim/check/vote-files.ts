/**
 * What a voter of the quorum has written of its vote: `quorum-state` (Kafka: FileQuorumStateStore),
 * beside its metadata log.
 */
import type { DiskView } from './replica-logs.ts';

const PATH = /\/__cluster_metadata-0\/quorum-state$/;

/**
 * Whether a voter that restarted now could not vote for another candidate of that epoch: it has
 * written its vote, or a higher epoch. False while there is no such file, or a torn one.
 */
export function isBoundTo(
  disks: DiskView,
  node: string,
  { epoch, id }: { readonly epoch: number; readonly id: number },
): boolean {
  const path = disks.paths(node).find((one) => PATH.test(one));
  if (path === undefined) return false;
  const text = String.fromCharCode(...disks.contents(node, path));
  const written = numberIn(text, /"leaderEpoch":(-?\d+)/);
  return written > epoch || (written === epoch && numberIn(text, /"votedId":(-?\d+)/) === id);
}

function numberIn(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? -1);
}
