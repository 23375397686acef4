/** What producers were told during a network partition, before it and after, and what became of it. */
import { type ClientHistory, Outcome, type SendHistory } from '../check/history/history.ts';
import type { Strike } from '../faults/strike.ts';
import type { LostWith } from './cap-losses.ts';
import type { LostRows } from './client-report.ts';
import type { CapWrites } from './report.ts';

export interface SendsDuring {
  /** Begun meanwhile. */
  readonly operations: number;
  /** Of those, answered without error. */
  readonly answered: number;
  readonly writes: CapWrites;
}

interface During {
  readonly strike: Strike;
  /** When the partition ended; Infinity: not at all. */
  readonly untilUs: number;
  readonly lost: LostRows;
  readonly lostWith: LostWith;
}

/**
 * By producer of the history. Every acknowledged send is told of in one of three places: meanwhile,
 * earlier, later.
 */
export function sendsDuring(history: ClientHistory, during: During): SendsDuring[] {
  const decisions = decisionsOf(history, during);
  return history.sends.map((sends, index) => tallied(sends, index, { ...during, decisions }));
}

/** The decisions that took, with the partition, anything that was sent by its end. */
function decisionsOf(history: ClientHistory, during: During): Set<number> {
  const decisions = new Set<number>();
  history.sends.forEach((sends, index) => {
    const lost = during.lost[index] as Uint8Array;
    for (let row = 0; row < sends.count; row++) {
      if (sends.invokedUs.at(row) > during.untilUs) break;
      const decidedAt = lost[row] === 1 ? decisionOf(sends, row, during) : null;
      if (decidedAt !== null) decisions.add(decidedAt);
    }
  });
  return decisions;
}

function tallied(
  sends: SendHistory,
  index: number,
  during: During & { readonly decisions: ReadonlySet<number> },
): SendsDuring {
  const { strike, untilUs } = during;
  const lost = during.lost[index] as Uint8Array;
  const tally = { operations: 0, answered: 0 };
  const writes = { acknowledged: 0, lost: 0, earlier: 0, earlierLost: 0, later: 0, laterLost: 0 };
  for (let row = 0; row < sends.count; row++) {
    const invokedUs = sends.invokedUs.at(row);
    const isMeanwhile = invokedUs >= strike.timeUs && invokedUs <= untilUs;
    if (isMeanwhile) tally.operations += 1;
    if (sends.outcome.at(row) !== Outcome.ok) continue;
    if (isMeanwhile) tally.answered += 1;
    const isLost = lost[row] === 1;
    if (sends.answeredUs.at(row) > untilUs) {
      writes.later += 1;
      if (isLost && wentWith(sends, row, during)) writes.laterLost += 1;
    } else if (isMeanwhile) {
      writes.acknowledged += 1;
      if (isLost) writes.lost += 1;
    } else {
      writes.earlier += 1;
      if (isLost && decisionOf(sends, row, during) !== null) writes.earlierLost += 1;
    }
  }
  return { ...tally, writes };
}

/**
 * What was sent only after the partition went with it if it was lost before it was sent, as a
 * leader took it that was deposed and did not know; or by a decision that took what had been sent
 * before, too. Else it was replicated as if there had been none, and something else took it.
 */
function wentWith(
  sends: SendHistory,
  row: number,
  during: During & { readonly decisions: ReadonlySet<number> },
): boolean {
  const decidedAt = decisionOf(sends, row, during);
  if (decidedAt === null) return false;
  const isAfter = sends.invokedUs.at(row) > during.untilUs;
  return !isAfter || decidedAt < sends.invokedEvent.at(row) || during.decisions.has(decidedAt);
}

function decisionOf(
  sends: SendHistory,
  row: number,
  { strike, lostWith }: Pick<During, 'strike' | 'lostWith'>,
): number | null {
  const { topic, acks } = sends.producer;
  return lostWith(strike, {
    partition: `${topic}-${sends.partition.at(row)}`,
    offset: sends.offset.at(row),
    toldAt: sends.answeredEvent.at(row),
    committed: acks === -1,
  });
}
