/** When a client could not get anything done although it wanted to. */
import { Outcome, type SendHistory } from '../check/history/history.ts';

export interface UnavailableUs {
  readonly fromUs: number;
  /** Infinity: until the end. */
  readonly untilUs: number;
}

/** Shorter gaps are latency, not unavailability. */
export const SPELL_MIN_US = 1_000_000;

/** Something that was wanted from `invokedUs` on and came, or failed, at `endUs`. */
export interface Attempt {
  readonly ok: boolean;
  readonly invokedUs: number;
  /** Infinity: it never ended. */
  readonly endUs: number;
}

/** When a producer had sends under way and none succeeded. */
export function unavailableSpells(history: SendHistory): UnavailableUs[] {
  return spellsOf(attemptsOf(history));
}

/** The sends of a producer. */
export function attemptsOf(history: SendHistory): Attempt[] {
  const rows: Attempt[] = [];
  for (let row = 0; row < history.count; row++) {
    const answeredUs = history.answeredUs.at(row);
    rows.push({
      ok: history.outcome.at(row) === Outcome.ok,
      invokedUs: history.invokedUs.at(row),
      endUs: answeredUs < 0 ? Number.POSITIVE_INFINITY : answeredUs,
    });
  }
  return rows;
}

/**
 * The stretches of more than a second (or `minUs`) in which at least one attempt was under way and
 * none succeeded: from the last success (or from when the first of the waiting ones was begun) to
 * the next success. Sorts `rows`.
 */
export function spellsOf(rows: Attempt[], minUs = SPELL_MIN_US): UnavailableUs[] {
  rows.sort((a, b) =>
    a.endUs === b.endUs ? a.invokedUs - b.invokedUs : a.endUs < b.endUs ? -1 : 1,
  );
  const spells: UnavailableUs[] = [];
  let lastSuccessUs = Number.NEGATIVE_INFINITY;
  let oldestUs = Number.POSITIVE_INFINITY;
  let newestEndUs = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    oldestUs = Math.min(oldestUs, row.invokedUs);
    newestEndUs = row.endUs;
    if (!row.ok) continue;
    const fromUs = Math.max(lastSuccessUs, oldestUs);
    if (row.endUs - fromUs > minUs) spells.push({ fromUs, untilUs: row.endUs });
    lastSuccessUs = row.endUs;
    oldestUs = Number.POSITIVE_INFINITY;
  }
  if (oldestUs !== Number.POSITIVE_INFINITY) {
    const fromUs = Math.max(lastSuccessUs, oldestUs);
    if (newestEndUs - fromUs > minUs) {
      spells.push({ fromUs, untilUs: Number.POSITIVE_INFINITY });
    }
  }
  return spells;
}
