/** A scenario cut off at a time. */
import type { Scenario } from '../../scenario/schema.ts';

/** Without what would only happen after the end, which a scenario may not have. */
export function endingAt(scenario: Scenario, runFor: number): Scenario {
  const isBefore = (one: { readonly at?: number | undefined }) =>
    one.at === undefined || one.at <= runFor;
  return {
    ...scenario,
    runFor,
    faults: scenario.faults.filter(isBefore),
    operations: scenario.operations.filter(isBefore),
    workload: scenario.workload.flatMap((one) => {
      if ('admin' in one) return one.at <= runFor ? [one] : [];
      if (one.startAt >= runFor) return [];
      const { stopAt, ...rest } = one;
      return [stopAt === undefined || stopAt > runFor ? rest : one] as Scenario['workload'];
    }),
  };
}
