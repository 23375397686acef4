import { describe, expect, test } from 'vitest';
import { scenarios } from '../../scenarios/index.ts';
import { runScenario } from '../../sim/run/runner.ts';
import { parseScenario } from '../../sim/scenario/parse.ts';
import { presets, withPreset } from '../../sim/scenario/presets.ts';

describe.each(presets.map((one) => [one.name, one] as const))('preset %s', (_name, preset) => {
  const story = parseScenario(scenarios.find((one) => one.name === preset.scenario)).scenario!;

  test('finds a loss in its story that its settings permit', () => {
    const { report } = runScenario(withPreset(story, preset), { seed: 1 });
    const found = report.verdicts.find((one) => one.name === preset.finds.check);

    expect(found).toMatchObject({ verdict: 'allowed' });
    expect(found!.allowedBy!.startsWith(preset.finds.allowedBy)).toBe(true);
    expect(report.verdicts.filter((one) => one.verdict === 'violated')).toEqual([]);
  });

  test('lies over the settings of any scenario', () => {
    const laid = withPreset(story, preset);

    expect(parseScenario(laid).problems).toBeUndefined();
    for (const one of laid.cluster.topics) expect(one.config).toMatchObject(preset.topic);
    for (const one of laid.workload) {
      if ('producer' in one) expect(one.config).toMatchObject(preset.producer);
      if ('group' in one) expect(one).toMatchObject(preset.member ?? {});
    }
  });
});
