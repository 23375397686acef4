/** Checks an edited scenario in the page. The schema comes with the editor, not before. */
import { parseScenario } from '../../sim/scenario/parse.ts';
import { describeProblem, pathParts } from '../../sim/scenario/problems.ts';

export interface PlacedProblem {
  /** `cluster.topics[0].replicationFactor` */
  readonly path: string;
  /** The same in parts. */
  readonly parts: readonly (string | number)[];
  readonly words: string;
}

export function problemsOf(scenario: unknown): PlacedProblem[] {
  const { problems = [] } = parseScenario(scenario);
  return problems.map((one) => ({
    path: one.path,
    parts: pathParts(one.path),
    words: describeProblem(one),
  }));
}

/** Without the path in front, for where the place is plain to see. */
export function withoutPath({ path, words }: PlacedProblem): string {
  return words.startsWith(`${path}: `) ? words.slice(path.length + 2) : words;
}
