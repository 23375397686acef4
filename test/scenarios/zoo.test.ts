import { expect, test } from 'vitest';
import { type Variant, variants } from '../../kafka/protocol/variants.ts';
import { zoo } from '../../scenarios/zoo/index.ts';
import { judgeZoo } from '../support/zoo-runs.ts';

judgeZoo([1]);

test('every historic rule has its story', () => {
  const shown = zoo.flatMap(({ cluster }) =>
    Object.entries(cluster.variants ?? {}).map(([name, option]) => `${name}=${option}`),
  );
  for (const { name, options } of variants as readonly Variant[]) {
    for (const option of options) {
      if (option.history !== null) expect(shown).toContain(`${name}=${option.name}`);
    }
  }
});
