/**
 * What permits that a record is gone, where nobody sees the disks: known are only the batches that
 * leaders told of and the cuts that replicas told of. A loss is put down to an election since the
 * record was written, if some replica cut it off; whose copy was cut is not asked.
 */
import type { RunWorld } from '../run-world.ts';
import { Blamer, type Told } from './blame.ts';
import type { LostBatch } from './replica-log.ts';

interface Appended {
  /** Its number in the trace. */
  readonly node: number;
  readonly event: number;
  readonly baseOffset: number;
  readonly endOffset: number;
  readonly epoch: number;
  readonly producerId: number;
  readonly producerEpoch: number;
}

interface Cut {
  readonly node: number;
  readonly event: number;
  readonly endOffset: number;
  readonly oldEndOffset: number;
}

export class ToldBlamer extends Blamer {
  private readonly appended = new Map<string, Appended[]>();
  private readonly cuts = new Map<string, Cut[]>();

  /** Listens to the run from its beginning. */
  watch({ trace }: RunWorld): void {
    trace.subscribe(
      'log.appended',
      (event, _t, node, partition, baseOffset, endOffset, ...rest) => {
        const [leaderEpoch, role, producerId, producerEpoch] = rest;
        if (role !== 'leader') return;
        add(this.appended, partition as string, {
          node,
          event,
          baseOffset: baseOffset as number,
          endOffset: endOffset as number,
          epoch: leaderEpoch as number,
          producerId: producerId as number,
          producerEpoch: producerEpoch as number,
        });
      },
    );
    trace.subscribe('log.truncated', (event, _t, node, partition, endOffset, oldEndOffset) => {
      add(this.cuts, partition as string, {
        node,
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

  /**
   * Of the batches that leaders wrote there, one that was cut off: by its leader itself, for then it
   * is known which, or else by somebody. The newest that was written before the client was told.
   */
  override lostBatchAt(
    partition: string,
    offset: number,
    told: Pick<Told, 'event' | 'sentAt'>,
  ): LostBatch | null {
    const holding = (this.appended.get(partition) ?? []).filter(
      (one) =>
        one.baseOffset <= offset && offset < one.endOffset && one.event > (told.sentAt ?? -1),
    );
    const cuts = (this.cuts.get(partition) ?? []).filter(
      (one) => one.endOffset <= offset && offset < one.oldEndOffset,
    );
    const cutBy = (batch: Appended, isOwn: boolean): Cut | undefined =>
      cuts.find((cut) => cut.event > batch.event && (!isOwn || cut.node === batch.node));
    const known = holding.filter((batch) => cutBy(batch, true) !== undefined);
    const candidates = known.length > 0 ? known : holding;
    const batch = candidates.findLast((one) => one.event < told.event) ?? candidates[0];
    const cut = batch === undefined ? undefined : cutBy(batch, known.length > 0);
    if (batch === undefined || cut === undefined) return null;
    const { node: _node, event: appendedAt, ...identity } = batch;
    const { event } = cut;
    const at = { writtenAt: appendedAt - 1, event, doomedAt: event };
    return { ...identity, ...at, crc: 0, cause: 'truncated' };
  }
}

function add<T>(lists: Map<string, T[]>, key: string, value: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
