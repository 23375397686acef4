/**
 * From what a person asked for to a scenario that can run: checked, with the actions of a branch
 * as faults that strike after their events.
 */
import { parseScenario } from '../../sim/scenario/parse.ts';
import { describeProblem } from '../../sim/scenario/problems.ts';
import type { Scenario } from '../../sim/scenario/schema.ts';
import { withActions } from '../model/with-actions.ts';
import type { Problem, RunRequest } from './protocol.ts';

export class RequestError extends Error {
  readonly problem: Problem;
  constructor(problem: Problem) {
    super([problem.title, ...problem.details].join('\n'));
    this.problem = problem;
  }
}

/** @throws a RequestError that names every problem and its place. */
export function scenarioOf(request: RunRequest): Scenario {
  const { scenario, problems } = parseScenario(withActions(request));
  if (scenario !== undefined) return scenario;
  const one = problems.length === 1;
  throw new RequestError({
    title: `the scenario is not valid: ${one ? 'one problem' : `${problems.length} problems`}`,
    details: problems.map(describeProblem),
  });
}
