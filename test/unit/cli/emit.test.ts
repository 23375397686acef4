/** The test that `trial shrink --emit vitest` writes, beside an npm that has something to say. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { rolldown } from 'rolldown';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Emitted, emitted } from '../../../cli/report/emit.ts';
import type { Scenario, ScenarioInput } from '../../../sim/scenario/schema.ts';

const input: ScenarioInput = { name: 'small', cluster: { brokers: 1 }, runFor: 100 };

/** As much of vitest as the emitted test asks for. */
const VITEST = `import { deepStrictEqual } from 'node:assert';
export const test = (_, run) => run();
export const expect = (is) => ({ toEqual: (should) => deepStrictEqual(is, should) });
`;
const WARNING = 'npm warn Unknown user config "nodedir"';

let folder = '';
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'trial-emit-'));
  const report: Emitted['report'] = { digest: '', traceHash: '', events: 0 };
  const shrunk = { input, scenario: input as unknown as Scenario, seed: 1, report, at: 0 };
  mkdirSync(join(folder, 'node_modules', 'vitest'), { recursive: true });
  const vitest = { name: 'vitest', type: 'module', exports: './index.js' };
  writeFileSync(join(folder, 'node_modules', 'vitest', 'package.json'), JSON.stringify(vitest));
  writeFileSync(join(folder, 'node_modules', 'vitest', 'index.js'), VITEST);
  writeFileSync(join(folder, 'emitted.test.ts'), await emitted('vitest', shrunk));
  const build = await rolldown({
    ...{ input: join(folder, 'emitted.test.ts'), platform: 'node', logLevel: 'silent' },
  });
  await build.write({ file: join(folder, 'emitted.test.mjs'), format: 'esm' });
  await build.close();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** @param out what `trial run --json` says. */
function ran(out: string) {
  const npx = join(folder, 'npx');
  writeFileSync(npx, `#!/bin/sh\necho '${WARNING}' >&2\necho '${out}'\n`);
  chmodSync(npx, 0o755);
  const PATH = [folder, process.env['PATH']].join(delimiter);
  const { status, stderr } = spawnSync(process.execPath, ['emitted.test.mjs'], {
    ...{ cwd: folder, encoding: 'utf8', env: { ...process.env, PATH } },
  });
  return { status, stderr };
}

const result = (...verdicts: string[]) =>
  JSON.stringify({
    verdicts: verdicts.map((verdict) => ({ name: 'log-match', verdict })),
    ...{ expectations: [], met: true },
  });

test('is green after the fix, whatever npm says on stderr', () => {
  expect(ran(result('holds', 'allowed'))).toMatchObject({ status: 0 });
});

test('is red while the check is violated, and names it', () => {
  const { status, stderr } = ran(result('holds', 'violated'));

  expect(status).toBe(1);
  expect(stderr).toContain('log-match');
});

test('is red when nothing was run, with what was said instead', () => {
  const { status, stderr } = ran('');

  expect(status).toBe(1);
  expect(stderr).toContain(WARNING);
});
