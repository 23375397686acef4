/**
 * What a network partition did to what clients were told, meanwhile, before or after: records that
 * are gone in the end were lost with a partition when their loss was decided (`check/blame.ts`)
 * after it began, and before another fault struck once it was over. Where another fault may have
 * taken them as well, nobody can tell which of them did: it is named. Asked by the CAP account.
 */
import type { Blamer } from '../check/blame.ts';
import type { Strike } from '../faults/strike.ts';
import type { FaultVerb } from '../faults/verbs.ts';
import { isCut, isPartedFromBrokers, isServer, Partings, partsServers } from './cap-parted.ts';
import type { CapFault } from './report.ts';

/** A record that somebody was told of, and that is gone in the end. */
export interface GoneRecord {
  readonly partition: string;
  /** -1: no broker said that it had it (acks=0), and so nobody can say when it went. */
  readonly offset: number;
  /** The event at which a client was told. */
  readonly toldAt: number;
  /** False when its leader alone had to have it. */
  readonly committed: boolean;
  /** null: it was read. */
  readonly producer: string | null;
}

/** What became of such a record, as one partition has it. */
export interface Fate {
  /** The event that decided the loss; null: nobody tells. */
  readonly decidedAt: number | null;
  /** Whether it was lost with this partition, alone or perhaps; null: nobody tells. */
  readonly withIt: boolean | null;
  /** Other faults that may have taken it, if this partition may. */
  readonly others: readonly Strike[];
}

export type FateOf = (strike: Strike, gone: GoneRecord) => Fate;

/** `unsure`: with the partition or with another fault; `otherwise`: not known to be with it. */
export type Went = 'with it' | 'unsure' | 'otherwise';

/** What was told meanwhile and went nobody knows when counts as lost with the partition. */
export function wentOf({ withIt, others }: Fate, isMeanwhile: boolean): Went {
  if (!(withIt ?? isMeanwhile)) return 'otherwise';
  return others.length > 0 ? 'unsure' : 'with it';
}

/** What of one stretch of time is gone. */
export class Losses {
  /** With it, and unsure. */
  lost = 0;
  unsure = 0;
  otherwise = 0;

  add(went: Went): void {
    if (went === 'otherwise') this.otherwise += 1;
    else this.lost += 1;
    if (went === 'unsure') this.unsure += 1;
  }
}

/** In the order in which they struck. */
export function faultsOf(strikes: Iterable<Strike>): CapFault[] {
  return [...strikes]
    .sort((a, b) => a.event - b.event || a.index - b.index)
    .map(({ fault, verb }) => ({ fault, verb }));
}

/** Verbs that only end what others began. */
const MENDING: ReadonlySet<FaultVerb> = new Set(['heal', 'start', 'resume', 'release']);

/** What is asked of a record again, for another partition or client, is looked up once. */
export function lossesOf(
  blamer: Pick<Blamer, 'lostBatchAt' | 'blame'>,
  strikes: readonly Strike[],
): FateOf {
  const known = new Map<string, number | null>();
  const decisionOf = (gone: GoneRecord): number | null => {
    if (gone.offset < 0) return null;
    const key = `${gone.partition} ${gone.offset} ${gone.toldAt} ${gone.committed}`;
    let decidedAt = known.get(key);
    if (decidedAt === undefined) {
      decidedAt = decisionBy(blamer, gone);
      known.set(key, decidedAt);
    }
    return decidedAt;
  };
  const turns = turnsOf(strikes);
  return (strike, gone) => {
    const decidedAt = decisionOf(gone);
    const ownTurn = turns.get(strike) ?? Number.POSITIVE_INFINITY;
    const isInTime = decidedAt === null || (decidedAt > strike.event && decidedAt <= ownTurn);
    if (!isInTime || !mayTake(strike, gone)) return { decidedAt, withIt: false, others: [] };
    const others = strikes.filter(
      (one) =>
        one !== strike &&
        one.event < (decidedAt ?? Number.POSITIVE_INFINITY) &&
        (turns.get(one) ?? -1) >= strike.event &&
        mayTake(one, gone),
    );
    return { decidedAt, withIt: decidedAt === null ? null : true, others };
  };
}

function decisionBy(
  blamer: Pick<Blamer, 'lostBatchAt' | 'blame'>,
  { partition, offset, toldAt, committed }: GoneRecord,
): number | null {
  const batch = blamer.lostBatchAt(partition, offset, { event: toldAt, committed });
  return batch === null ? null : blamer.blame(partition, batch, committed).decidedAt;
}

/** By fault: the event at which another one struck once it was over; Infinity: none did. */
function turnsOf(strikes: readonly Strike[]): Map<Strike, number> {
  const partings = new Partings(strikes);
  const turns = new Map<Strike, number>();
  for (const strike of strikes) {
    const overUs = overAt(strike, partings);
    // One that struck in the moment in which this one ended may have struck before it.
    const next = strikes.find((one) => one !== strike && one.timeUs > overUs && reaches(one));
    turns.set(strike, next?.event ?? Number.POSITIVE_INFINITY);
  }
  return turns;
}

function overAt(strike: Strike, partings: Partings): number {
  const endedUs = strike.endedUs ?? Number.POSITIVE_INFINITY;
  if (!isCut(strike)) return endedUs;
  return Math.max(endedUs, partings.of(strike).untilUs ?? Number.POSITIVE_INFINITY);
}

/**
 * A cut between clients and brokers takes nothing that a broker had said it had. Of what was sent
 * without waiting for that, it may take what it kept on the way.
 */
function mayTake(strike: Strike, { offset, producer }: GoneRecord): boolean {
  if (reaches(strike)) return true;
  const isUnanswered = offset < 0 && producer !== null;
  return isUnanswered && isCut(strike) && isPartedFromBrokers(producer, strike);
}

/** Does anything to brokers or controllers. */
function reaches(strike: Strike): boolean {
  if (strike.unresolved || MENDING.has(strike.verb)) return false;
  return isCut(strike) ? partsServers(strike) : strike.sides.flat().some(isServer);
}
