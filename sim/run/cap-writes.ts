/** What a producer was told during a network partition and before it, and what became of it. */
import { Outcome, type SendHistory } from '../check/history/history.ts';
import type { Strike } from '../faults/strike.ts';
import type { LostWith } from './cap-losses.ts';
import type { CapWrites } from './report.ts';

export interface SendsDuring {
  /** Begun meanwhile. */
  readonly operations: number;
  /** Of those, answered without error. */
  readonly answered: number;
  readonly writes: CapWrites;
}

/** @param parts.lost one byte per send, as `lostRows` has them. */
export function sendsDuring(
  sends: SendHistory,
  strike: Strike,
  parts: { readonly lost: Uint8Array; readonly untilUs: number; readonly lostWith: LostWith },
): SendsDuring {
  const { producer } = sends;
  const tally = { operations: 0, answered: 0 };
  const writes = { acknowledged: 0, lost: 0, earlier: 0, earlierLost: 0 };
  for (let row = 0; row < sends.count; row++) {
    const invokedUs = sends.invokedUs.at(row);
    if (invokedUs > parts.untilUs) continue;
    const isEarlier = invokedUs < strike.timeUs;
    if (!isEarlier) tally.operations += 1;
    if (sends.outcome.at(row) !== Outcome.ok) continue;
    if (!isEarlier) tally.answered += 1;
    if (sends.answeredUs.at(row) > parts.untilUs) continue;
    const isLost = parts.lost[row] === 1;
    if (!isEarlier) {
      writes.acknowledged += 1;
      if (isLost) writes.lost += 1;
      continue;
    }
    writes.earlier += 1;
    const gone = {
      partition: `${producer.topic}-${sends.partition.at(row)}`,
      offset: sends.offset.at(row),
      toldAt: sends.answeredEvent.at(row),
      committed: producer.acks === -1,
    };
    if (isLost && parts.lostWith(strike, gone)) writes.earlierLost += 1;
  }
  return { ...tally, writes };
}
