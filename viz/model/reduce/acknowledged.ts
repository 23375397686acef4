/**
 * What was acknowledged to producers, and what of it a later leader did not have. Offset and
 * leader epoch name a record: the same offset from another epoch is another record.
 */
import type { Extent, PartitionState, ReplicaState } from '../state.ts';

/** Offsets [baseOffset, endOffset) were acknowledged. */
export function acknowledge(
  partition: PartitionState,
  baseOffset: number,
  endOffset: number,
): void {
  const leaderEpoch = epochOf(partition, endOffset - 1);
  const known = partition.acked.find((one) => one.leaderEpoch === leaderEpoch);
  if (known === undefined) {
    partition.acked.push({ baseOffset, endOffset, leaderEpoch });
    partition.acked.sort((a, b) => a.leaderEpoch - b.leaderEpoch);
    return;
  }
  if (baseOffset < known.baseOffset) known.baseOffset = baseOffset;
  if (endOffset > known.endOffset) known.endOffset = endOffset;
}

/** The newest epoch in which a replica holds this offset: answers come right after the write. */
function epochOf(partition: PartitionState, offset: number): number {
  let epoch = -1;
  for (const key in partition.replicas) {
    const { extents } = partition.replicas[key] as ReplicaState;
    for (let i = extents.length - 1; i >= 0; i--) {
      const extent = extents[i] as Extent;
      if (extent.baseOffset > offset) continue;
      if (extent.endOffset > offset && extent.leaderEpoch > epoch) epoch = extent.leaderEpoch;
      break;
    }
  }
  return epoch;
}

/** A leader begins: what it does not have of the acknowledged records is lost. */
export function missAcknowledged(partition: PartitionState, leader: ReplicaState): void {
  const missing = partition.acked.flatMap((one) => missingFrom(leader, one));
  if (missing.length === 0) return;
  partition.lost = [...partition.lost, ...missing];
  partition.acked = partition.acked.flatMap((one) => {
    const gone = missing.filter((lost) => lost.leaderEpoch === one.leaderEpoch);
    const endOffset = Math.min(one.endOffset, ...gone.map((lost) => lost.baseOffset));
    return endOffset > one.baseOffset ? [{ ...one, endOffset }] : [];
  });
}

/** The parts of an extent that the leader's log does not hold; below its log start nothing is. */
export function missingFrom(leader: ReplicaState, acked: Extent): Extent[] {
  const { leaderEpoch } = acked;
  let from = Math.max(acked.baseOffset, leader.logStartOffset);
  const missing: Extent[] = [];
  for (const extent of leader.extents) {
    if (extent.leaderEpoch !== leaderEpoch || extent.endOffset <= from) continue;
    const until = Math.min(extent.baseOffset, acked.endOffset);
    if (until > from) missing.push({ baseOffset: from, endOffset: until, leaderEpoch });
    from = Math.max(from, extent.endOffset);
    if (from >= acked.endOffset) return missing;
  }
  if (from < acked.endOffset) {
    missing.push({ baseOffset: from, endOffset: acked.endOffset, leaderEpoch });
  }
  return missing;
}
