/**
 * What a scenario asks for that processes of an operating system cannot be made to do: each with its
 * place, so that a run in the real world is refused and nothing of it is passed over in silence.
 */
import { variantNamed } from '../kafka/protocol/variants.ts';
import { isCommonVerb } from '../sim/faults/common-verbs.ts';
import { verbOf } from '../sim/faults/verbs.ts';
import { type Problem, problem } from '../sim/scenario/problems.ts';
import type { Scenario } from '../sim/scenario/schema.ts';
import { isHeard } from './heard.ts';

const FOLLOWS_AN_EVENT =
  'an event is known by its number in one run of the laboratory alone; the real world has others';

export function refusals(scenario: Scenario): Problem[] {
  return [
    ...ofCluster(scenario),
    ...scenario.faults.flatMap((spec, i) => ofFault(spec, ['faults', i])),
    ...scenario.operations.flatMap((spec, i) => ofMoment(spec, ['operations', i])),
    ...ofWorkload(scenario),
  ];
}

function ofCluster({ cluster }: Scenario): Problem[] {
  const problems: Problem[] = [];
  for (const [name, option] of Object.entries(cluster.variants)) {
    if (variantNamed(name)?.options[0].name === option) continue;
    const path = ['cluster', 'variants', name];
    problems.push(problem(path, option, 'real brokers keep today’s rules'));
  }
  if (cluster.voters === 'dynamic') {
    const words = 'real controllers are the static ones of their files';
    problems.push(problem(['cluster', 'voters'], cluster.voters, words));
  }
  if (cluster.spareControllers > 0) {
    const words = 'real controllers are the voters of their files, all of them';
    problems.push(problem(['cluster', 'spareControllers'], cluster.spareControllers, words));
  }
  return problems;
}

type Fault = Scenario['faults'][number];

function ofFault(spec: Fault, path: readonly PropertyKey[]): Problem[] {
  const verb = verbOf(spec);
  if (verb === null || isCommonVerb(verb)) return ofMoment(spec, path);
  const value = (spec as Record<string, unknown>)[verb];
  return [problem([...path, verb], value, `\`${verb}\` cannot be done to real processes`)];
}

/** When something is to happen. */
function ofMoment(
  spec: Pick<Fault, 'when' | 'afterEvent'>,
  path: readonly PropertyKey[],
): Problem[] {
  const problems: Problem[] = [];
  if (spec.afterEvent !== undefined) {
    problems.push(problem([...path, 'afterEvent'], spec.afterEvent, FOLLOWS_AN_EVENT));
  }
  if (spec.when !== undefined && !isHeard(spec.when.event)) {
    const words = 'nobody tells of this in the real world';
    problems.push(problem([...path, 'when', 'event'], spec.when.event, words));
  }
  return problems;
}

function ofWorkload({ workload }: Scenario): Problem[] {
  return workload.flatMap((entry, i) => {
    if (!('producer' in entry)) return [];
    return (entry.sends ?? []).flatMap(({ afterEvent }, j) => {
      const path = ['workload', i, 'sends', j, 'afterEvent'];
      return afterEvent === undefined ? [] : [problem(path, afterEvent, FOLLOWS_AN_EVENT)];
    });
  });
}
