/** What the library throws: each message names the field, the value and what would be right. */
import { describeProblem, type Problem } from '../sim/scenario/problems.ts';

/** A wrong argument, a cluster that cannot come up, or a wait that came to nothing. */
export class TrialError extends Error {
  override readonly name: string = 'TrialError';
}

/** `until` did not come true within `max` of simulated time. */
export class TrialTimeoutError extends TrialError {
  override readonly name = 'TrialTimeoutError';
}

/** @param names how the program knows the entries that problems point to by their number. */
export function problemsError(
  what: string,
  problems: readonly Problem[],
  names: (path: string) => string,
): TrialError {
  const lines = problems.map((one) => `  ${describeProblem({ ...one, path: names(one.path) })}`);
  return new TrialError(`${what}:\n${lines.join('\n')}`);
}
