/**
 * What a network partition did to what was told before or after it: records that are gone in the
 * end were lost with a partition when their loss was decided (`check/blame.ts`) while it lasted, or
 * after it, before any other fault struck. Asked by the CAP account.
 */
import type { Blamer } from '../check/blame.ts';
import type { Strike } from '../faults/strike.ts';
import type { FaultVerb } from '../faults/verbs.ts';
import { Partings } from './cap-parted.ts';

/** A record that somebody was told of, and that is gone in the end. */
export interface GoneRecord {
  readonly partition: string;
  /** -1: nobody was told, and so nobody can say when it went. */
  readonly offset: number;
  /** The event at which a client was told. */
  readonly toldAt: number;
  /** False when its leader alone had to have it. */
  readonly committed: boolean;
}

/** @returns the event that decided the loss; null: the record was not lost with the partition. */
export type LostWith = (strike: Strike, gone: GoneRecord) => number | null;

/** Verbs that only end what others began. */
const MENDING: ReadonlySet<FaultVerb> = new Set(['heal', 'start', 'resume', 'release']);

/** What is asked of a record again, for another partition or client, is looked up once. */
export function lossesOf(
  blamer: Pick<Blamer, 'lostBatchAt' | 'blame'>,
  strikes: readonly Strike[],
): LostWith {
  const known = new Map<string, number | null>();
  const partings = new Partings(strikes);
  const nextOnes = new Map<Strike, number>();
  const nextOf = (strike: Strike): number => {
    let next = nextOnes.get(strike);
    if (next === undefined) {
      next = nextStrike(strike, strikes, partings.of(strike).untilUs);
      nextOnes.set(strike, next);
    }
    return next;
  };
  return (strike, gone) => {
    if (gone.offset < 0) return null;
    const key = `${gone.partition} ${gone.offset} ${gone.toldAt} ${gone.committed}`;
    let decidedAt = known.get(key);
    if (decidedAt === undefined) {
      decidedAt = decisionOf(blamer, gone);
      known.set(key, decidedAt);
    }
    if (decidedAt === null || decidedAt <= strike.event) return null;
    return decidedAt <= nextOf(strike) ? decidedAt : null;
  };
}

function decisionOf(
  blamer: Pick<Blamer, 'lostBatchAt' | 'blame'>,
  { partition, offset, toldAt, committed }: GoneRecord,
): number | null {
  const batch = blamer.lostBatchAt(partition, offset, { event: toldAt, committed });
  return batch === null ? null : blamer.blame(partition, batch, committed).decidedAt;
}

/** The event before which nothing else struck once the fault and its partition were over. */
function nextStrike(
  strike: Strike,
  strikes: readonly Strike[],
  partedUntilUs: number | null,
): number {
  if (strike.endedUs === null || partedUntilUs === null) return Number.POSITIVE_INFINITY;
  const overUs = Math.max(strike.endedUs, partedUntilUs);
  const next = strikes.find(
    (one) => one !== strike && one.event >= strike.event && one.timeUs >= overUs && !isMending(one),
  );
  return next?.event ?? Number.POSITIVE_INFINITY;
}

function isMending({ verb, unresolved }: Strike): boolean {
  return unresolved || MENDING.has(verb);
}
