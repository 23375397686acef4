/** What is wrong with members of consumer groups beyond what the schema says. */
import { nearestName } from '../../kafka/config/nearest.ts';
import { declaredTopics } from '../cluster/names.ts';
import { type Problem, problem } from './problems.ts';
import type { GroupEntry, Scenario } from './schema.ts';

const KEYS_OF_THE_ENTRY = { 'group.id': 'group', 'enable.auto.commit': 'commit' } as const;

type Path = readonly PropertyKey[];

export function groupMemberProblems(
  scenario: Scenario,
  entry: GroupEntry,
  { path, timeProblem }: { path: Path; timeProblem: (at: number, path: Path) => Problem[] },
): Problem[] {
  const problems: Problem[] = [];
  const known = declaredTopics(scenario).map(({ name }) => name);
  entry.topics.forEach((topic, index) => {
    if (known.includes(topic)) return;
    const help = { allowed: known.join(', '), nearest: nearestName(topic, known) };
    problems.push(problem([...path, 'topics', index], topic, 'no such topic in the cluster', help));
  });
  for (const [key, field] of Object.entries(KEYS_OF_THE_ENTRY)) {
    const value = entry.config[key];
    if (value === undefined) continue;
    const help = { allowed: `"${field}" of the entry` };
    problems.push(problem([...path, 'config', key], value, 'is said by the entry itself', help));
  }
  entry.seeks.forEach((seek, index) => {
    const at: Path = [...path, 'seeks', index];
    problems.push(...timeProblem(seek.at, [...at, 'at']));
    if ((seek.to === undefined) !== (seek.back === undefined)) return;
    const help = { allowed: 'either "to" or "back"' };
    problems.push(problem(at, seek, 'a seek says one place to go to', help));
  });
  problems.push(...timeProblem(entry.startAt, [...path, 'startAt']));
  if (entry.stopAt !== undefined && entry.stopAt < entry.startAt) {
    problems.push(problem([...path, 'stopAt'], entry.stopAt, 'stops before it starts'));
  }
  return problems;
}
