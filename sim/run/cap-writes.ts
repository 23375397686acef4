/** What producers were told during a network partition, before it and after, and what became of it. */
import { type ClientHistory, Outcome, type SendHistory } from '../check/history/history.ts';
import type { Strike } from '../faults/strike.ts';
import { type Fate, type FateOf, faultsOf, Losses, type Went, wentOf } from './cap-losses.ts';
import type { LostRows } from './client-report.ts';
import type { CapWrites } from './report.ts';

export interface SendsDuring {
  /** Begun meanwhile. */
  readonly operations: number;
  /** Of those, answered without error. */
  readonly answered: number;
  readonly writes: CapWrites;
  /** By row, of those that were acknowledged meanwhile and are in no log at the end. */
  readonly went: ReadonlyMap<number, Went>;
}

interface During {
  readonly strike: Strike;
  /** When the partition ended; Infinity: not at all. */
  readonly untilUs: number;
  readonly lost: LostRows;
  readonly fateOf: FateOf;
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
      if (lost[row] !== 1) continue;
      const { decidedAt, withIt } = fateOf(sends, row, during);
      if (decidedAt !== null && withIt === true) decisions.add(decidedAt);
    }
  });
  return decisions;
}

type Period = 'meanwhile' | 'earlier' | 'later';

function tallied(
  sends: SendHistory,
  index: number,
  during: During & { readonly decisions: ReadonlySet<number> },
): SendsDuring {
  const { strike, untilUs } = during;
  const lost = during.lost[index] as Uint8Array;
  const tally = { operations: 0, answered: 0 };
  const told = { meanwhile: 0, earlier: 0, later: 0 };
  const gone = { meanwhile: new Losses(), earlier: new Losses(), later: new Losses() };
  const meanwhile = new Map<number, Went>();
  const others = new Set<Strike>();
  for (let row = 0; row < sends.count; row++) {
    const invokedUs = sends.invokedUs.at(row);
    const isMeanwhile = invokedUs >= strike.timeUs && invokedUs <= untilUs;
    if (isMeanwhile) tally.operations += 1;
    if (sends.outcome.at(row) !== Outcome.ok) continue;
    if (isMeanwhile) tally.answered += 1;
    const isLater = sends.answeredUs.at(row) > untilUs;
    const period: Period = isLater ? 'later' : isMeanwhile ? 'meanwhile' : 'earlier';
    told[period] += 1;
    if (lost[row] !== 1) continue;
    const fate = fateOf(sends, row, during);
    const isElse = isLater && !wentLater(fate, sends, row, during);
    const went = isElse ? 'otherwise' : wentOf(fate, period === 'meanwhile');
    gone[period].add(went);
    if (period === 'meanwhile') meanwhile.set(row, went);
    if (went === 'unsure') for (const other of fate.others) others.add(other);
  }
  const writes: CapWrites = {
    acknowledged: told.meanwhile,
    lost: gone.meanwhile.lost,
    lostUnsure: gone.meanwhile.unsure,
    lostOtherwise: gone.meanwhile.otherwise,
    earlier: told.earlier,
    earlierLost: gone.earlier.lost,
    earlierLostUnsure: gone.earlier.unsure,
    earlierLostOtherwise: gone.earlier.otherwise,
    later: told.later,
    laterLost: gone.later.lost,
    laterLostUnsure: gone.later.unsure,
    laterLostOtherwise: gone.later.otherwise,
    others: faultsOf(others),
  };
  return { ...tally, writes, went: meanwhile };
}

/**
 * What was sent only after the partition went with it if it was lost before it was sent, as a
 * leader took it that was deposed and did not know; or by a decision that took what had been sent
 * before, too. Else it was replicated as if there had been none, and something else took it.
 */
function wentLater(
  { decidedAt }: Fate,
  sends: SendHistory,
  row: number,
  during: During & { readonly decisions: ReadonlySet<number> },
): boolean {
  if (decidedAt === null) return false;
  const isAfter = sends.invokedUs.at(row) > during.untilUs;
  return !isAfter || decidedAt < sends.invokedEvent.at(row) || during.decisions.has(decidedAt);
}

function fateOf(sends: SendHistory, row: number, during: During): Fate {
  const { name, topic, acks } = sends.producer;
  return during.fateOf(during.strike, {
    partition: `${topic}-${sends.partition.at(row)}`,
    offset: sends.offset.at(row),
    toldAt: sends.answeredEvent.at(row),
    committed: acks === -1,
    producer: name,
  });
}
