/** The stories of historic rules: with the rule they go wrong, with today’s they hold. */
import { describe, expect, test } from 'vitest';
import { type Variant, variants } from '../../kafka/protocol/variants.ts';
import { zoo } from '../../scenarios/zoo/index.ts';
import type { RunReport } from '../../sim/run/report.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import type { ScenarioInput } from '../../sim/scenario/schema.ts';
import { whatWentWrong } from '../scenarios/what-went-wrong.ts';

/** Each story with its historic rule and without, for every seed. */
export function judgeZoo(seeds: readonly number[]): void {
  describe.each(zoo.map((one) => [one.name, one] as const))('%s', (_name, input) => {
    test.each(seeds)('goes wrong with the historic rule, as the table says (seed %i)', (seed) => {
      const { report, decisions } = run(input, seed);
      const violated = report.verdicts.filter((one) => one.verdict === 'violated');
      const told = breaksOf(input);

      expect(whatWentWrong(report).filter((text) => !isExpected(input, text))).toEqual([]);
      expect(report.met).toBe(true);
      expect(decisions).toBeGreaterThan(0);
      expect(report.variants[0]?.decisionsChanged).toBe(decisions);
      expect(violated.map((one) => one.name).filter((name) => !told.includes(name))).toEqual([]);
    });

    test.each(seeds)('holds with today’s rule (seed %i)', (seed) => {
      const { report, decisions } = run(withTodaysRules(input), seed);

      expect(report.verdicts.filter((one) => one.verdict === 'violated')).toEqual([]);
      expect(report.problems).toEqual([]);
      expect(decisions).toBe(0);
      // What shows the fault does not come to pass.
      expect(report.expectations.some((one) => one.met === false)).toBe(true);
    });
  });
}

function run(input: ScenarioInput, seed: number): { report: RunReport; decisions: number } {
  let decisions = 0;
  const count = (): void => {
    decisions += 1;
  };
  const { report } = runScenario(parseScenario(input).scenario!, {
    seed,
    prepare: (world) => world.trace.subscribe('decision.changed', count),
  });
  return { report, decisions };
}

function withTodaysRules(input: ScenarioInput): ScenarioInput {
  return { ...input, cluster: { ...input.cluster, variants: {} } };
}

/** A violation that the story is about. */
function isExpected({ expect: wanted = {} }: ScenarioInput, text: string): boolean {
  const name = text.split(' is violated')[0] as string;
  return String(wanted[name]).includes('violated');
}

function breaksOf({ cluster }: ScenarioInput): readonly string[] {
  return Object.entries(cluster.variants ?? {}).flatMap(([name, option]) => {
    const variant = (variants as readonly Variant[]).find((one) => one.name === name);
    return variant?.options.find((one) => one.name === option)?.history?.breaks ?? [];
  });
}
