/** What came out of two runs, number beside number. */
import type { RunReport } from '../../sim/run/report.ts';
import { count } from '../../sim/run/words.ts';

export interface Outcome {
  readonly name: string;
  readonly left: string;
  readonly right: string;
  readonly differs: boolean;
}

export function outcomes(left: RunReport, right: RunReport): Outcome[] {
  const rows: [string, string, string][] = [
    ['records sent', count(left.counts.sent), count(right.counts.sent)],
    ['acknowledged', count(left.counts.acknowledged), count(right.counts.acknowledged)],
    [
      'acknowledged and lost',
      count(left.counts.acknowledgedLost),
      count(right.counts.acknowledgedLost),
    ],
    ['duplicated', count(left.counts.duplicated), count(right.counts.duplicated)],
    ['reordered', count(left.counts.reordered), count(right.counts.reordered)],
    ['consumed', count(left.counts.consumed), count(right.counts.consumed)],
    ['writes unavailable', unavailable(left), unavailable(right)],
    ['slowest acknowledgement', slowest(left), slowest(right)],
    ...checks(left, right),
  ];
  return rows.map(([name, a, b]) => ({ name, left: a, right: b, differs: a !== b }));
}

function checks(left: RunReport, right: RunReport): [string, string, string][] {
  const names = [...new Set([...left.verdicts, ...right.verdicts].map((one) => one.name))].sort();
  return names.flatMap((name): [string, string, string][] => {
    const [a, b] = [verdictIn(left, name), verdictIn(right, name)];
    return a === 'holds' && b === 'holds' ? [] : [[name, a, b]];
  });
}

function verdictIn(report: RunReport, name: string): string {
  const found = report.verdicts.find((one) => one.name === name);
  if (found === undefined) return '';
  return found.allowedBy === null ? found.verdict : `${found.verdict} by ${found.allowedBy}`;
}

function unavailable(report: RunReport): string {
  const endMs = report.simulatedMs - report.story.warmUpMs;
  let total = 0;
  for (const client of report.story.clients) {
    if (client.kind !== 'producer') continue;
    for (const spell of client.unavailable) total += (spell.untilMs ?? endMs) - spell.fromMs;
  }
  return total === 0 ? 'never' : `${(total / 1_000).toFixed(1)} s`;
}

/** Of producers alone: what consumers tell is the time from the send to the poll. */
function slowest(report: RunReport): string {
  const all = report.story.clients.flatMap(({ kind, latencyMs }) =>
    kind !== 'producer' || latencyMs === null ? [] : [latencyMs.max],
  );
  if (all.length === 0) return '';
  const ms = Math.max(...all);
  return ms >= 1_000 ? `${(ms / 1_000).toFixed(2)} s` : `${ms.toFixed(2)} ms`;
}
