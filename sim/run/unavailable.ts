/** When a producer could not get anything written although it wanted to. */
import { Outcome, type SendHistory } from '../check/history/history.ts';

export interface UnavailableUs {
  readonly fromUs: number;
  /** Infinity: until the end. */
  readonly untilUs: number;
}

/** Shorter gaps are latency, not unavailability. */
export const SPELL_MIN_US = 1_000_000;

/**
 * The stretches of more than a second in which at least one send was under way and none
 * succeeded: from the last success (or from when the first of the waiting sends was asked for)
 * to the next success.
 */
export function unavailableSpells(history: SendHistory): UnavailableUs[] {
  const rows: { ok: boolean; invokedUs: number; endUs: number }[] = [];
  for (let row = 0; row < history.count; row++) {
    const answeredUs = history.answeredUs.at(row);
    rows.push({
      ok: history.outcome.at(row) === Outcome.ok,
      invokedUs: history.invokedUs.at(row),
      endUs: answeredUs < 0 ? Number.POSITIVE_INFINITY : answeredUs,
    });
  }
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
    if (row.endUs - fromUs > SPELL_MIN_US) spells.push({ fromUs, untilUs: row.endUs });
    lastSuccessUs = row.endUs;
    oldestUs = Number.POSITIVE_INFINITY;
  }
  if (oldestUs !== Number.POSITIVE_INFINITY) {
    const fromUs = Math.max(lastSuccessUs, oldestUs);
    if (newestEndUs - fromUs > SPELL_MIN_US) {
      spells.push({ fromUs, untilUs: Number.POSITIVE_INFINITY });
    }
  }
  return spells;
}
