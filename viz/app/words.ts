/** Numbers, times and verdicts as the page writes them. */
import type { Verdict, VerdictKind } from '../../sim/check/verdict.ts';
import type { RunReport } from '../../sim/run/report.ts';
import { count } from '../../sim/run/words.ts';

/** Scenario time: `12.804113 s`; before the end of the warm-up it is negative. */
export function timeWords(timeUs: number, originUs: number): string {
  return `${((timeUs - originUs) / 1_000_000).toFixed(6)} s`;
}

/** To the millisecond, where many stand below each other. */
export function shortTime(timeUs: number, originUs: number): string {
  return ((timeUs - originUs) / 1_000_000).toFixed(3);
}

/** A length of time: `850 µs`, `14 ms`, `6.2 s`. */
export function spanWords(us: number): string {
  const size = Math.abs(us);
  if (size >= 1_000_000) return `${round(us / 1_000_000)} s`;
  return size >= 1_000 ? `${round(us / 1_000)} ms` : `${Math.round(us)} µs`;
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

export const VERDICT_WORDS: Readonly<Record<VerdictKind, string>> = {
  holds: 'HOLDS',
  allowed: 'ALLOWED',
  violated: 'VIOLATED',
  unknown: 'UNKNOWN',
};

/** `ALLOWED by acks=1 @ev 2,310` */
export function verdictWords(verdict: Verdict): string {
  return `${VERDICT_WORDS[verdict.verdict]} ${placeWords(verdict)}`.trimEnd();
}

/** ` by acks=1 @ev 2,310`: what stands behind the badge. */
export function placeWords({ allowedBy, at }: Verdict): string {
  const by = allowedBy === null ? '' : `by ${allowedBy} `;
  return `${by}${at === null ? '' : `@ev ${count(at)}`}`;
}

const FROM_WORST: readonly VerdictKind[] = ['violated', 'unknown', 'allowed', 'holds'];

/** Worst first, and of the same kind by name. */
export function sortedVerdicts(report: RunReport): Verdict[] {
  return [...report.verdicts].sort(
    (a, b) =>
      FROM_WORST.indexOf(a.verdict) - FROM_WORST.indexOf(b.verdict) || (a.name < b.name ? -1 : 1),
  );
}
