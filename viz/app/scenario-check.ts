/** Checks an edited scenario in the page. The schema comes with the editor, not before. */
import { parseScenario } from '../../sim/scenario/parse.ts';
import { describeProblem } from '../../sim/scenario/problems.ts';

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

/** `cluster.config["min.isr"]` → `cluster`, `config`, `min.isr` */
export function pathParts(path: string): (string | number)[] {
  const parts: (string | number)[] = [];
  for (const match of path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([A-Za-z_$][\w$]*)/g)) {
    if (match[1] !== undefined) parts.push(Number(match[1]));
    else if (match[2] !== undefined) parts.push(JSON.parse(match[2]) as string);
    else if (match[3] !== undefined) parts.push(match[3]);
  }
  return parts;
}
