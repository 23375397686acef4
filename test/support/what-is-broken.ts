import type { RunReport } from '../../sim/run/report.ts';

/** Every way in which a run broke the system's promises, in lines to read; empty for a good run. */
export function whatIsBroken(report: RunReport): string[] {
  return [
    ...report.broken.map((one) => `${one.node} broke at ${one.event}: ${one.message}`),
    ...report.verdicts
      .filter((one) => one.verdict === 'violated' || one.verdict === 'unknown')
      .filter((one) => !isKnownGap(one.name, one.explanation))
      .map((one) => `${one.name} is ${one.verdict} at ${one.at}: ${one.explanation}`),
    ...report.problems.filter((one) => !isRandomMiss(one)),
  ];
}

/**
 * Kafka's own: a producer snapshot keeps one batch per producer, so a leader that restarts while
 * several wait for their answers takes a repeated one for a gap; the producer then writes it again
 * under a new epoch.
 */
function isKnownGap(check: string, explanation: string): boolean {
  return check === 'no-dup' && /\(producer epoch \d+, then \d+\)/.test(explanation);
}

/** A drawn fault may find nobody to strike. */
export function isRandomMiss(problem: string): boolean {
  return /matched nothing|never struck/.test(problem);
}
