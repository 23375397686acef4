/** What a schema cannot say of `operations`: times, triggers, clients, settings, partitions. */
import { checkLevel } from '../../kafka/config/levels.ts';
import { nearestName } from '../../kafka/config/nearest.ts';
import { brokerNames, controllerNames, declaredTopics, partitionNames } from '../cluster/names.ts';
import { listed, type OperationSpec, operationVerbOf } from '../workload/operation-verbs.ts';
import { type Problem, problem } from './problems.ts';
import type { Scenario } from './schema.ts';

type Path = readonly PropertyKey[];

export interface OperationContext {
  timeProblem(at: number, path: Path): Problem[];
  triggerProblems(when: NonNullable<OperationSpec['when']>, path: Path): Problem[];
}

export function operationProblems(scenario: Scenario, context: OperationContext): Problem[] {
  const problems: Problem[] = [];
  const names = new Set<string>();
  scenario.operations.forEach((spec, index) => {
    const path: Path = ['operations', index];
    problems.push(...timingProblems(spec, path, context));
    problems.push(...clientProblems(scenario, spec, path));
    problems.push(...contentProblems(scenario, spec, path));
    if (spec.name !== undefined && names.has(spec.name)) {
      problems.push(problem([...path, 'name'], spec.name, 'two operations have this name'));
    }
    if (spec.name !== undefined) names.add(spec.name);
  });
  return problems;
}

function timingProblems(spec: OperationSpec, path: Path, context: OperationContext): Problem[] {
  const { at, when, afterEvent, after } = spec;
  const said = [at, when, afterEvent].filter((one) => one !== undefined).length;
  if (said !== 1) {
    const message =
      said === 0 ? 'says not when it is asked' : 'says more than once when it is asked';
    return [problem(path, spec, message, { allowed: 'one of "at", "when", "afterEvent"' })];
  }
  if (when !== undefined) return context.triggerProblems(when, [...path, 'when']);
  const problems = at === undefined ? [] : context.timeProblem(at, [...path, 'at']);
  if (after === undefined) return problems;
  return [...problems, problem([...path, 'after'], after, 'goes with "when" only')];
}

function clientProblems(scenario: Scenario, { by }: OperationSpec, path: Path): Problem[] {
  const taken = scenario.workload.some(
    (entry) =>
      ('producer' in entry && entry.producer === by) ||
      ('consumer' in entry && entry.consumer === by),
  );
  if (!taken) return [];
  return [problem([...path, 'by'], by, 'this client is a producer or a consumer')];
}

/** What can never be is refused here; what the cluster refuses is an outcome of the run. */
function contentProblems(scenario: Scenario, spec: OperationSpec, path: Path): Problem[] {
  const verb = operationVerbOf(spec) ?? '';
  const at = [...path, verb];
  if ('createTopic' in spec) {
    return configProblems('topic', spec.createTopic.config, [...at, 'config']);
  }
  if ('alterConfigs' in spec) {
    const level = spec.alterConfigs.startsWith('topic:') ? 'topic' : 'broker';
    return [
      ...resourceProblem(scenario, spec.alterConfigs, at),
      ...configProblems(level, spec.set, [...path, 'set']),
    ];
  }
  if ('describeConfigs' in spec) return resourceProblem(scenario, spec.describeConfigs, at);
  if ('unregisterBroker' in spec) return brokerProblem(scenario, spec.unregisterBroker, at);
  if ('addVoter' in spec) return controllerProblem(scenario, spec.addVoter, at);
  if ('removeVoter' in spec) return controllerProblem(scenario, spec.removeVoter, at);
  if ('reassign' in spec) return partitionProblems(scenario, spec.reassign, at);
  if ('cancelReassignment' in spec) {
    return partitionProblems(scenario, spec.cancelReassignment, at);
  }
  if ('electLeaders' in spec && spec.partitions !== undefined) {
    return partitionProblems(scenario, spec.partitions, [...path, 'partitions']);
  }
  return [];
}

function controllerProblem(scenario: Scenario, name: string, at: Path): Problem[] {
  const names = controllerNames(scenario);
  if (names.includes(name)) return [];
  const help = { allowed: names.join(', '), nearest: nearestName(name, names) };
  return [problem(at, name, 'no controller has this name', help)];
}

function configProblems(
  level: 'topic' | 'broker',
  config: Readonly<Record<string, string>>,
  path: Path,
): Problem[] {
  return checkLevel(level, config, '').map((error) =>
    problem([...path, error.key], error.value, (error.message.split('; ')[0] as string).trim(), {
      allowed: error.allowed,
      nearest: error.nearest,
    }),
  );
}

function partitionProblems(
  scenario: Scenario,
  partitions: string | readonly string[],
  path: Path,
): Problem[] {
  const known = partitionNames(scenario);
  return listed(partitions)
    .filter((one) => !known.includes(one))
    .map((one) => {
      const shown = known.length <= 12 ? known : [...known.slice(0, 12), '…'];
      const help = { allowed: shown.join(', '), nearest: nearestName(one, known) };
      return problem(path, one, 'no topic has this partition', help);
    });
}

function resourceProblem(scenario: Scenario, resource: string, path: Path): Problem[] {
  if (resource === 'all:brokers') return [];
  if (!resource.startsWith('topic:')) return brokerProblem(scenario, resource, path);
  const known = declaredTopics(scenario).map(({ name }) => `topic:${name}`);
  if (known.includes(resource)) return [];
  const help = { allowed: known.join(', '), nearest: nearestName(resource, known) };
  return [problem(path, resource, 'there is no such topic', help)];
}

function brokerProblem(scenario: Scenario, broker: string, path: Path): Problem[] {
  const known = brokerNames(scenario);
  if (known.includes(broker)) return [];
  const help = { allowed: known.join(', '), nearest: nearestName(broker, known) };
  return [problem(path, broker, 'there is no such broker', help)];
}
