/**
 * What an anomaly is and how its cases are kept: all are counted, the first ones are told with the
 * operations that witness them.
 */
import type { VerdictKind } from '../../verdict.ts';
import type { HistoryView } from './history-view.ts';

export interface AnomalyKind {
  readonly name: string;
  /** What must not happen, in a clause. */
  readonly doc: string;
  /** Why a case is none against the system, where that holds of every case; else null. */
  readonly allowedBy: string | null;
  /** Cannot be judged of a history in which nobody polled. */
  readonly needsPolls?: true;
}

/** Looks for the cases of one anomaly, or of several that one pass through the history finds. */
export interface Pass {
  readonly kinds: readonly AnomalyKind[];
  find(view: HistoryView, casesOf: (name: string) => Cases): void;
}

export interface Case {
  /** A topic partition; null when several are involved. */
  readonly key: string | null;
  readonly allowedBy: string | null;
  readonly explanation: string;
  /** Operations that witness it. */
  readonly operations: readonly number[];
}

/** Cases that are kept of those that are allowed, and of those that are not. */
export const KEPT = 32;

export class Cases {
  readonly kept: Case[] = [];
  violations = 0;
  /** By reason. */
  readonly allowed = new Map<string, number>();
  private keptAllowed = 0;
  private readonly kind: AnomalyKind;

  constructor(kind: AnomalyKind) {
    this.kind = kind;
  }

  get count(): number {
    return this.violations + this.allowedCount;
  }
  get allowedCount(): number {
    let count = 0;
    for (const one of this.allowed.values()) count += one;
    return count;
  }

  /** `tell` is asked only for a case that is kept. */
  add(allowedBy: string | null, tell: () => Omit<Case, 'allowedBy'>): void {
    const reason = this.kind.allowedBy ?? allowedBy;
    if (reason === null) {
      this.violations += 1;
      if (this.violations > KEPT) return;
    } else {
      this.allowed.set(reason, (this.allowed.get(reason) ?? 0) + 1);
      this.keptAllowed += 1;
      if (this.keptAllowed > KEPT) return;
    }
    this.kept.push({ ...tell(), allowedBy: reason });
  }
}

export interface AnomalyVerdict {
  readonly name: string;
  readonly verdict: VerdictKind;
  /** The reasons for which cases are allowed; null unless `allowed`. */
  readonly allowedBy: string | null;
  readonly violations: number;
  readonly allowed: number;
  readonly explanation: string;
  /** Violations first. */
  readonly cases: readonly Case[];
}

export function anomalyVerdict(
  kind: AnomalyKind,
  cases: Cases,
  why: string | null,
): AnomalyVerdict {
  const { violations, allowedCount } = cases;
  const isAllowed = violations === 0 && allowedCount > 0;
  const seen = violations + allowedCount > 0;
  const verdict =
    violations > 0 ? 'violated' : isAllowed ? 'allowed' : why === null ? 'holds' : 'unknown';
  return {
    name: kind.name,
    verdict,
    allowedBy: isAllowed ? [...cases.allowed.keys()].join(', ') : null,
    violations,
    allowed: allowedCount,
    explanation: seen ? kind.doc : (why ?? kind.doc),
    cases: [
      ...cases.kept.filter((one) => one.allowedBy === null),
      ...cases.kept.filter((one) => one.allowedBy !== null),
    ],
  };
}
