/**
 * What a check answers. Only `violated` is a failure; `allowed` names the setting or the fault
 * beyond the promise that permits what was seen; a check that lacks data says `unknown`.
 */
export type VerdictKind = 'holds' | 'allowed' | 'violated' | 'unknown';

export interface Verdict {
  readonly name: string;
  readonly verdict: VerdictKind;
  /** E.g. `acks=1`; null unless `allowed`. */
  readonly allowedBy: string | null;
  /** The event (position) at which it happened; null when it holds. */
  readonly at: number | null;
  /** Event positions that witness it, oldest first, each once. */
  readonly evidence: readonly number[];
  readonly explanation: string;
}

/** One thing found wrong, before all findings of a check are summed up in its verdict. */
export interface Finding {
  readonly allowedBy: string | null;
  readonly at: number | null;
  readonly evidence: readonly number[];
  readonly explanation: string;
}

/** A verdict with all that a check calls allowed, of which it names one at most. */
export interface Judged extends Verdict {
  readonly allowances: readonly Finding[];
}

/** The worst finding speaks for the check: a violation before what is allowed, then the earliest. */
export function verdictOf(name: string, findings: readonly Finding[], holds: string): Judged {
  const allowances = findings.filter((one) => one.allowedBy !== null);
  return { ...spoken(name, findings, holds), allowances };
}

function spoken(name: string, findings: readonly Finding[], holds: string): Verdict {
  const violations = findings.filter((one) => one.allowedBy === null);
  const worst = earliest(violations.length > 0 ? violations : findings);
  if (worst === null) {
    return { name, verdict: 'holds', allowedBy: null, at: null, evidence: [], explanation: holds };
  }
  const total = violations.length > 0 ? violations.length : findings.length;
  const more = total > 1 ? ` (and ${total - 1} more)` : '';
  return {
    name,
    verdict: worst.allowedBy === null ? 'violated' : 'allowed',
    allowedBy: worst.allowedBy,
    at: worst.at,
    evidence: inOrder(worst.evidence),
    explanation: worst.explanation + more,
  };
}

export function unknownVerdict(name: string, why: string): Verdict {
  return { name, verdict: 'unknown', allowedBy: null, at: null, evidence: [], explanation: why };
}

/** Of a check that lacks data. */
export function unknownTo(name: string, why: string): Judged {
  return { ...unknownVerdict(name, why), allowances: [] };
}

/** One allowance as if it spoke for its check. */
export function allowed(name: string, finding: Finding): Verdict {
  return {
    ...finding,
    name,
    verdict: 'allowed',
    evidence: inOrder(finding.evidence),
  };
}

/** An event may witness it twice: as what took a record away, and as where that was found. */
function inOrder(events: readonly number[]): number[] {
  return [...new Set(events)].sort((a, b) => a - b);
}

function earliest(findings: readonly Finding[]): Finding | null {
  let first: Finding | null = null;
  for (const one of findings) {
    const at = one.at ?? Number.POSITIVE_INFINITY;
    if (first === null || at < (first.at ?? Number.POSITIVE_INFINITY)) first = one;
  }
  return first;
}
