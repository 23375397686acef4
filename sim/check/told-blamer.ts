/**
 * What permits that a record is gone, where nobody sees the disks: known are only the batches that
 * leaders told of and the cuts that replicas told of. A loss is put down to an election since the
 * record was written, if some replica cut it off; whose copy was cut is not asked.
 */
import type { RunWorld } from '../run-world.ts';
import { Blamer } from './blame.ts';
import type { LostBatch } from './replica-log.ts';

interface Appended {
  readonly event: number;
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly epoch: number;
}

interface Cut {
  readonly event: number;
  readonly endOffset: number;
  readonly oldEndOffset: number;
}

export class ToldBlamer extends Blamer {
  private readonly appended = new Map<string, Appended[]>();
  private readonly cuts = new Map<string, Cut[]>();

  /** Listens to the run from its beginning. */
  watch({ trace }: RunWorld): void {
    trace.subscribe('log.appended', (event, _t, _n, partition, baseOffset, endOffset, ...rest) => {
      const [leaderEpoch, role] = rest;
      if (role !== 'leader') return;
      add(this.appended, partition as string, {
        event,
        baseOffset: baseOffset as number,
        endOffset: endOffset as number,
        epoch: leaderEpoch as number,
      });
    });
    trace.subscribe('log.truncated', (event, _t, _n, partition, endOffset, oldEndOffset) => {
      add(this.cuts, partition as string, {
        event,
        endOffset: endOffset as number,
        oldEndOffset: oldEndOffset as number,
      });
    });
  }

  /** When its leader told of it last; -1: nobody did. */
  override appendedAt(_node: string, partition: string, offset: number): number {
    const told = this.appended.get(partition) ?? [];
    const holding = told.findLast((one) => one.baseOffset <= offset && offset < one.endOffset);
    return holding?.event ?? -1;
  }

  /** The newest batch that was told of before the client was, if a replica cut it off later. */
  override lostBatchAt(
    partition: string,
    offset: number,
    told: { readonly event: number },
  ): LostBatch | null {
    const holding = (this.appended.get(partition) ?? []).filter(
      (one) => one.baseOffset <= offset && offset < one.endOffset,
    );
    const batch = holding.findLast((one) => one.event < told.event) ?? holding[0];
    if (batch === undefined) return null;
    const cut = (this.cuts.get(partition) ?? []).find(
      (one) => one.event > batch.event && one.endOffset <= offset && offset < one.oldEndOffset,
    );
    if (cut === undefined) return null;
    const { baseOffset, endOffset, epoch } = batch;
    return { baseOffset, endOffset, epoch, crc: 0, event: cut.event, cause: 'truncated' };
  }
}

function add<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
