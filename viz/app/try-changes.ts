/**
 * What to try when a check says that a setting permitted the loss: the same scenario with the
 * safer setting, to be run beside this one. What the story expected does not bind the changed one.
 */
import { produce } from 'immer';
import type { Scenario, ScenarioInput } from '../../sim/scenario/schema.ts';

export interface TryChange {
  readonly words: string;
  readonly scenario: ScenarioInput;
}

/** null when there is no such setting, or it is set already. */
export function tryInstead(
  scenario: ScenarioInput | Scenario,
  allowedBy: string | null,
): TryChange | null {
  if (allowedBy === null) return null;
  if (/^acks=/.test(allowedBy)) return changed(scenario, 'acks=all', acksAll);
  if (allowedBy === 'enable.idempotence=false') {
    return changed(scenario, 'enable.idempotence=true', idempotent);
  }
  if (/unclean/.test(allowedBy)) {
    return changed(scenario, 'unclean.leader.election.enable=false', (plain) =>
      setOnTopics(plain, 'unclean.leader.election.enable', 'false'),
    );
  }
  if (/power|flush/.test(allowedBy)) {
    return changed(scenario, 'flush.messages=1', (plain) =>
      setOnTopics(plain, 'flush.messages', '1'),
    );
  }
  return null;
}

interface Plain {
  cluster: { topics?: { config?: Record<string, unknown> }[] };
  workload?: Record<string, unknown>[];
  expect?: Record<string, unknown>;
}

function changed(
  scenario: ScenarioInput | Scenario,
  words: string,
  recipe: (plain: Plain) => void,
): TryChange {
  const next = produce(scenario as unknown as Plain, (draft: Plain) => {
    recipe(draft);
    draft.expect = {};
  });
  return { words, scenario: next as unknown as ScenarioInput };
}

function acksAll(plain: Plain): void {
  for (const entry of plain.workload ?? []) {
    if (!('producer' in entry)) continue;
    entry['config'] = { ...(entry['config'] as Record<string, unknown> | undefined), acks: 'all' };
  }
}

/** With what Kafka asks of an idempotent producer: acks=all, five requests under way at most. */
function idempotent(plain: Plain): void {
  for (const entry of plain.workload ?? []) {
    if (!('producer' in entry)) continue;
    const config = { ...(entry['config'] as Record<string, unknown> | undefined) };
    const underWay = Number(config[IN_FLIGHT] ?? 5);
    entry['config'] = {
      ...config,
      'enable.idempotence': 'true',
      acks: 'all',
      ...(underWay > 5 ? { [IN_FLIGHT]: '5' } : {}),
      ...(config['retries'] === '0' ? { retries: '1' } : {}),
    };
  }
}

const IN_FLIGHT = 'max.in.flight.requests.per.connection';

function setOnTopics(plain: Plain, key: string, value: string): void {
  for (const topic of plain.cluster.topics ?? []) topic.config = { ...topic.config, [key]: value };
}
