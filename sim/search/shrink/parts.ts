/**
 * What a reader of a scenario wants to know the reason of: its faults, operations and clients. One
 * that is not needed is none of the causes, so a run without it is simpler however long it is.
 */
import type { Scenario } from '../../scenario/schema.ts';

const LISTS = ['faults', 'operations', 'workload'] as const;

/**
 * The same without one of its parts, for each of them, and without all of a kind: two may be needed
 * only because of each other. Some may be invalid: what is left may name what is gone.
 */
export function withFewerParts(scenario: Scenario): Scenario[] {
  return LISTS.flatMap((list) => {
    const all: readonly unknown[] = scenario[list];
    const none = all.length > 1 ? [[]] : [];
    const others = all.map((_, left) => all.filter((_one, place) => place !== left));
    return [...none, ...others].map((left): Scenario => ({ ...scenario, [list]: left }));
  });
}
