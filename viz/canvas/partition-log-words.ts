/** What is told of single offsets of the partition log, and what one event took, as one ghost. */
import { count } from '../../sim/run/words.ts';
import type { LogBatch } from '../model/replica-logs.ts';
import type { Ghost, ReplicaState } from '../model/state.ts';
import type { ReplicaRow } from './partition-log-model.ts';

/** Batches that one event took from one epoch, as one ghost. */
export function mergedGhosts(batches: readonly LogBatch[]): Ghost[] {
  const ghosts: Ghost[] = [];
  for (const one of batches) {
    const last = ghosts.at(-1);
    const continues =
      last !== undefined &&
      last.event === one.goneEvent &&
      last.leaderEpoch === one.leaderEpoch &&
      last.endOffset === one.baseOffset;
    if (continues) last.endOffset = one.endOffset;
    else {
      const { baseOffset, endOffset, leaderEpoch, goneEvent: event, why } = one;
      ghosts.push({ baseOffset, endOffset, leaderEpoch, event, why });
    }
  }
  return ghosts;
}

export function offsetWords(
  replica: ReplicaState,
  at: {
    readonly offset: number;
    readonly row: ReplicaRow;
    readonly batch: LogBatch | null;
    /** Whose record of this epoch it is, in words; null when nobody told. */
    readonly origin: (leaderEpoch: number) => string | null;
  },
): string | null {
  const { offset, row, batch, origin } = at;
  const isIn = (one: { baseOffset: number; endOffset: number }) =>
    offset >= one.baseOffset && offset < one.endOffset;
  const lines: string[] = [];
  const extent = replica.extents.find(isIn);
  if (extent !== undefined) {
    const standing = offset < replica.highWatermark ? 'below the high watermark' : 'not committed';
    if (replica.isUnproven) {
      lines.push(
        `written before ${row.node} lost power: whether its disk kept it is told at recovery`,
      );
    } else lines.push(`${row.node}: offset ${offset}, epoch ${extent.leaderEpoch}, ${standing}`);
    if (batch !== null) {
      const records = batch.endOffset - batch.baseOffset;
      const range = records === 1 ? '' : `${batch.baseOffset}–${batch.endOffset - 1}, `;
      lines.push(`batch of ${records}: ${range}written by event ${count(batch.bornEvent)}`);
    }
    const from = origin(extent.leaderEpoch);
    if (from !== null) lines.push(from);
  }
  const ghost = row.ghosts.find(isIn);
  if (ghost !== undefined) {
    const range = `${ghost.baseOffset}–${ghost.endOffset - 1}`;
    lines.push(
      `lost ${range} of epoch ${ghost.leaderEpoch}: ${ghost.why}, event ${count(ghost.event)}`,
    );
    const from = origin(ghost.leaderEpoch);
    if (from !== null && !lines.includes(from)) lines.push(from);
  }
  return lines.length === 0 ? null : lines.join('\n');
}
