/** A seed in which an entry of the zoo was found, as a run that fails by itself. */
import { type RunResult, runScenario } from '../../run/runner.ts';
import type { Scenario } from '../../scenario/schema.ts';
import { swarmFindings } from '../../swarm/judge.ts';
import type { Finding } from '../finding.ts';
import { drawnScenario } from '../seed-run.ts';
import type { ZooEntry } from './entries.ts';

export interface FoundRun {
  readonly scenario: Scenario;
  readonly finding: Finding;
  readonly report: RunResult['report'];
}

/** Null when the entry is not found in this seed (any more). */
export function foundRun(entry: ZooEntry, seed: number): FoundRun | null {
  const drawn = drawnScenario(seed, entry.swarm);
  const result = runScenario(drawn, { seed });
  const { report } = result;
  const verdicts = report.verdicts.map(({ name, verdict, allowedBy }) =>
    allowedBy === null ? `${name} ${verdict}` : `${name} ${verdict} by ${allowedBy}`,
  );
  const finding = entry.detection({ findings: swarmFindings(drawn, result), verdicts });
  if (finding === null) return null;
  // What a preset loses is permitted: it fails by the expectation that nothing is.
  const expect = entry.kind === 'preset' ? { [finding.check]: 'holds' as const } : drawn.expect;
  return { scenario: { ...drawn, expect }, finding, report };
}
